import type { DriverRow, Executor } from '../db/database.ts';
import type { DecisionStatus } from '../model/vocabulary.ts';
import { columnText } from './column-text.ts';
import { RUNS_TABLE } from './tables.ts';

/**
 * `active`: begun and not finished; the same command goes on. `complete`: a pass found nothing left. `abandoned`: closed by
 * --new-run. `rolled-back`: undone.
 */
export type RunState = 'active' | 'complete' | 'abandoned' | 'rolled-back';

/** Rows by decision status, and how many journal rows were written. */
export type RunCounts = Readonly<Record<DecisionStatus, number>> & { readonly written: number };

export interface RunRecord {
  readonly id: number;
  readonly state: RunState;
  readonly rulesDigest: string;
  readonly decisionsDigest: string | null;
  /** Options that bear on the result, as JSON. */
  readonly options: string;
  /** What `Dialect.rowNumbering` said when the run began: under another one, positions of its batches mean nothing. */
  readonly rowNumbering: string;
  readonly toolVersion: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** null until the run is complete. */
  readonly counts: RunCounts | null;
}

/** All runs, oldest first. */
export async function listRuns(executor: Executor): Promise<readonly RunRecord[]> {
  const rows = await executor.query(`SELECT * FROM ${RUNS_TABLE} ORDER BY id`);
  return rows.map(toRun);
}

/** Makes a run in state `active`. Call inside a transaction that holds the lease, so that no two runs get one id. */
export async function insertRun(
  executor: Executor,
  run: Pick<RunRecord, 'rulesDigest' | 'decisionsDigest' | 'options' | 'rowNumbering' | 'toolVersion' | 'startedAt'>,
): Promise<RunRecord> {
  const [row] = await executor.query(`SELECT COALESCE(MAX(id), 0) AS last_id FROM ${RUNS_TABLE}`);
  const id = Number(row?.['last_id'] ?? 0) + 1;
  await executor.execute(
    `INSERT INTO ${RUNS_TABLE} (id, state, rules_digest, decisions_digest, options, row_numbering, tool_version, started_at)
     VALUES (?, 'active', ?, ?, ?, ?, ?, ?)`,
    [id, run.rulesDigest, run.decisionsDigest, run.options, run.rowNumbering, run.toolVersion, run.startedAt],
  );
  return { ...run, id, state: 'active', finishedAt: null, counts: null };
}

/** Says under which row numbers a run goes on. */
export async function setRowNumbering(executor: Executor, id: number, rowNumbering: string): Promise<void> {
  await executor.execute(`UPDATE ${RUNS_TABLE} SET row_numbering = ? WHERE id = ?`, [rowNumbering, id]);
}

export async function finishRun(
  executor: Executor,
  id: number,
  state: Exclude<RunState, 'active'>,
  at: string,
  counts: RunCounts | null,
): Promise<void> {
  await executor.execute(
    `UPDATE ${RUNS_TABLE} SET state = ?, finished_at = ?, counts = COALESCE(?, counts) WHERE id = ?`,
    [state, at, counts === null ? null : JSON.stringify(counts), id],
  );
}

function toRun(row: DriverRow): RunRecord {
  const counts = row['counts'];
  return {
    id: Number(row['id']),
    state: String(row['state']) as RunState,
    rulesDigest: String(row['rules_digest']),
    decisionsDigest: columnText(row['decisions_digest']),
    options: String(row['options']),
    rowNumbering: String(row['row_numbering']),
    toolVersion: String(row['tool_version']),
    startedAt: String(row['started_at']),
    finishedAt: columnText(row['finished_at']),
    counts: typeof counts === 'string' ? (JSON.parse(counts) as RunCounts) : null,
  };
}
