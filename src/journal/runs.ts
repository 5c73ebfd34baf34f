import type { DriverRow, Executor, SqlValue } from '../db/database.ts';
import type { DecisionStatus } from '../model/vocabulary.ts';
import { columnText, parsed } from './column-text.ts';
import { addEntry, type EntryPlace, type EntrySum, noEntries, readSum, sumText } from './ledger.ts';
import { isSealed, sealAfter, type SealedColumns, sealOf } from './seal.ts';
import { RUNS_TABLE } from './tables.ts';

/**
 * `active`: begun and not finished; the same command continues it. `complete`: a pass found nothing left to do.
 * `abandoned`: closed by --new-run. `rolled-back`: undone.
 */
export type RunState = 'active' | 'complete' | 'abandoned' | 'rolled-back';

type RunCounts = Readonly<Record<DecisionStatus, number>> & { readonly written: number };

/** The batches of a complete run: how many, and the sum of their seals (`addSeal`). */
interface RunBatches {
  readonly count: number;
  readonly seals: string;
}

/** The totals of a complete run. */
export interface RunTotals {
  readonly counts: RunCounts;
  readonly batches: RunBatches;
}

export interface RunRecord {
  readonly id: number;
  readonly state: RunState;
  readonly rulesDigest: string;
  readonly answersDigest: string | null;
  /** The options that influence results, as JSON. */
  readonly options: string;
  /** `Dialect.rowNumbering` when the run began: under another one, the positions of its batches mean nothing. */
  readonly rowNumbering: string;
  readonly toolVersion: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** null until the run is complete. */
  readonly counts: RunCounts | null;
  /** null until the run is complete. */
  readonly batches: RunBatches | null;
  /** Journal rows that were rolled back. */
  readonly undone: Readonly<EntrySum>;
  /** Journal rows of earlier runs that were restored in their place. */
  readonly restored: number;
  /** `altered`: another hand changed the row. */
  readonly integrity: 'intact' | 'altered';
}

/** All runs, oldest first. */
export async function listRuns(executor: Executor): Promise<readonly RunRecord[]> {
  const rows = await executor.query((knex) => knex(RUNS_TABLE).orderBy('id'));
  return rows.map(toRun);
}

/**
 * Creates a run in state `active`. Call it inside a transaction that holds the lease, so that no two runs get the same
 * id.
 */
export async function insertRun(
  executor: Executor,
  run: Pick<RunRecord, 'rulesDigest' | 'answersDigest' | 'options' | 'rowNumbering' | 'toolVersion' | 'startedAt'>,
): Promise<RunRecord> {
  const [last] = await executor.query((knex) => knex(RUNS_TABLE).max({ last_id: 'id' }));
  const row = {
    id: Number(last?.['last_id'] ?? 0) + 1,
    state: 'active',
    rules_digest: run.rulesDigest,
    answers_digest: run.answersDigest,
    options: run.options,
    row_numbering: run.rowNumbering,
    tool_version: run.toolVersion,
    started_at: run.startedAt,
    finished_at: null,
    counts: null,
    batches: null,
    rows_undone: 0,
    rows_restored: 0,
    undone_sum: sumText(noEntries()),
  };
  const sealed = { ...row, seal: sealOf(SEALED, row) };
  await executor.execute((knex) => knex(RUNS_TABLE).insert(sealed));
  return toRun(sealed);
}

/** Records the row numbering under which a run continues. */
export async function setRowNumbering(executor: Executor, id: number, rowNumbering: string): Promise<void> {
  await changeRun(executor, id, () => ({ row_numbering: rowNumbering }));
}

export async function finishRun(
  executor: Executor,
  id: number,
  state: Exclude<RunState, 'active'>,
  at: string,
  totals: RunTotals | null,
): Promise<void> {
  const counted =
    totals === null ? {} : { counts: JSON.stringify(totals.counts), batches: JSON.stringify(totals.batches) };
  await changeRun(executor, id, () => ({ state, finished_at: at, ...counted }));
}

/**
 * Records that journal rows of a run were rolled back, and how many rows of earlier runs were restored in their place.
 */
export async function noteUndone(
  executor: Executor,
  id: number,
  entries: readonly EntryPlace[],
  restored: number,
): Promise<void> {
  await changeRun(executor, id, (row) => {
    const undone = readSum(row['rows_undone'], row['undone_sum']);
    for (const entry of entries) addEntry(undone, entry);
    const before = Number(row['rows_restored']);
    return { rows_undone: undone.rows, undone_sum: sumText(undone), rows_restored: before + restored };
  });
}

/** Call it inside a transaction that no other process's overlaps. */
async function changeRun(
  executor: Executor,
  id: number,
  change: (row: DriverRow) => Readonly<Record<string, SqlValue>>,
): Promise<void> {
  const [row] = await executor.query((knex) => knex(RUNS_TABLE).where({ id }));
  if (row === undefined) return;
  const changed = change(row);
  const sealed = { ...changed, seal: sealAfter(SEALED, row, changed) };
  await executor.execute((knex) => knex(RUNS_TABLE).where({ id }).update(sealed));
}

const SEALED: SealedColumns = {
  table: RUNS_TABLE,
  numbers: ['id', 'rows_undone', 'rows_restored'],
  texts: [
    'state',
    'rules_digest',
    'answers_digest',
    'options',
    'row_numbering',
    'tool_version',
    'started_at',
    'finished_at',
    'counts',
    'batches',
    'undone_sum',
  ],
};

function toRun(row: DriverRow): RunRecord {
  const [counts, batches] = ['counts', 'batches'].map((column) => parsed(row[column]));
  return {
    id: Number(row['id']),
    state: String(row['state']) as RunState,
    rulesDigest: String(row['rules_digest']),
    answersDigest: columnText(row['answers_digest']),
    options: String(row['options']),
    rowNumbering: String(row['row_numbering']),
    toolVersion: String(row['tool_version']),
    startedAt: String(row['started_at']),
    finishedAt: columnText(row['finished_at']),
    counts: typeof counts === 'object' ? (counts as RunCounts | null) : null,
    batches: typeof batches === 'object' ? (batches as RunBatches | null) : null,
    undone: readSum(row['rows_undone'], row['undone_sum']),
    restored: Number(row['rows_restored']),
    integrity: isSealed(SEALED, row) ? 'intact' : 'altered',
  };
}
