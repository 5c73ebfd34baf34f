import type { DriverRow, Executor, SqlValue } from '../db/database.ts';
import { bindPosition } from '../glance/tables/scan-order.ts';
import { type GlanceSchema } from '../glance/tables/schema.ts';
import { keyText } from '../glance/tables/driver-value.ts';
import { DECISION_STATUSES, type DecisionStatus, zeroStatusCounts } from '../model/vocabulary.ts';
import { parsed } from './column-text.ts';
import { addEntry, type BatchLedger, type EntrySum, noEntries, readSum, sumText } from './ledger.ts';
import { isSealed, type SealedColumns, sealOf } from './seal.ts';
import { PAGE_ROWS, tablePages, wholeTable } from './table-pages.ts';
import { BATCHES_TABLE } from './tables.ts';

/**
 * One committed batch: the checkpoint. It is written in the batch's own transaction, so it is never ahead of the data.
 */
export interface BatchRecord {
  readonly runId: number;
  /** From 1; unique within the run, in no order where several lanes or shards write. */
  readonly batch: number;
  /** Finds out whether this batch was committed when the reply to its COMMIT was lost; the same for all attempts. */
  readonly uuid: string;
  /** 1: the pass over the whole table. 2 and later: tail passes over what changed meanwhile. */
  readonly pass: number;
  /**
   * The part of the table that the batch covers, in scan order, `after` exclusive (null: from the beginning), `until`
   * inclusive; null for a tail pass, whose rows lie anywhere.
   */
  readonly range: { readonly after: string | null; readonly until: string } | null;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly counts: Readonly<Record<DecisionStatus, number>>;
  /** ISO 8601, UTC, by this machine's clock. For display only. */
  readonly committedAt: string;
}

export async function insertBatch(
  executor: Executor,
  schema: GlanceSchema,
  record: BatchRecord,
  { written, dropped, moved }: BatchLedger,
): Promise<void> {
  const position = (key: string | null | undefined): SqlValue =>
    key === null || key === undefined ? null : bindPosition(schema, key);
  const row = {
    run_id: record.runId,
    batch: record.batch,
    uuid: record.uuid,
    pass: record.pass,
    after_key: position(record.range?.after),
    until_key: position(record.range?.until),
    rows_read: record.rowsRead,
    rows_written: record.rowsWritten,
    counts: JSON.stringify(DECISION_STATUSES.map((status) => record.counts[status])),
    committed_at: record.committedAt,
    written_sum: sumText(written),
    rows_dropped: dropped.rows,
    dropped_sum: sumText(dropped),
    rows_moved: moved,
  };
  const seal = sealOf(SEALED, sealedForm(row));
  await executor.execute((knex) => knex(BATCHES_TABLE).insert({ ...row, seal }));
}

const SEALED: SealedColumns = {
  table: BATCHES_TABLE,
  numbers: ['run_id', 'batch', 'pass', 'rows_read', 'rows_written', 'rows_dropped', 'rows_moved'],
  texts: ['uuid', 'after_key', 'until_key', 'counts', 'committed_at', 'written_sum', 'dropped_sum'],
};

/** `forgetCoverage` sets a batch's pass to 0, which must not break its seal. */
function sealedForm(row: DriverRow): DriverRow {
  return { ...row, pass: Math.max(1, Number(row['pass'])) };
}

/** A row of retype_batches as verify needs it. */
export interface BatchAccount {
  readonly runId: number;
  readonly batch: number;
  readonly pass: number;
  /** Where the batch ends in scan order; null for a tail pass. */
  readonly until: string | null;
  readonly seal: string;
  /** `altered`: another hand changed the row. */
  readonly integrity: 'intact' | 'altered';
  readonly written: EntrySum;
  readonly dropped: EntrySum;
  readonly moved: number;
}

/** Reads all batches in pages, in the order of their keys. */
export async function* batchAccounts(executor: Executor): AsyncGenerator<readonly BatchAccount[], void, undefined> {
  for await (const page of tablePages(executor, wholeTable(BATCHES_TABLE), PAGE_ROWS)) yield page.map(toAccount);
}

function toAccount(row: DriverRow): BatchAccount {
  return {
    runId: Number(row['run_id']),
    batch: Number(row['batch']),
    pass: Number(row['pass']),
    until: keyText(row['until_key']),
    seal: String(row['seal']),
    integrity: isSealed(SEALED, sealedForm(row)) ? 'intact' : 'altered',
    written: readSum(row['rows_written'], row['written_sum']),
    dropped: readSum(row['rows_dropped'], row['dropped_sum']),
    moved: Number(row['rows_moved']),
  };
}

/** Adds a row to the sum over all batches of a run; the order does not matter. */
export function addSeal(sum: EntrySum, { seal, batch }: Pick<BatchAccount, 'seal' | 'batch'>): void {
  addEntry(sum, { imageId: seal, runId: 0, batch, decisionKey: '' });
}

/**
 * Rows written by the batch of that uuid; null where it was not committed, or not yet. Reads the run's batches by their
 * key.
 */
export async function rowsOfCommitted(
  executor: Executor,
  { runId, uuid }: Pick<BatchRecord, 'runId' | 'uuid'>,
): Promise<number | null> {
  const [row] = await executor.query((knex) => knex(BATCHES_TABLE).where({ run_id: runId, uuid }));
  return row === undefined ? null : Number(row['rows_written']);
}

/** Counts the batches of all runs. */
export async function countBatches(executor: Executor): Promise<number> {
  const [row] = await executor.query((knex) => knex(BATCHES_TABLE).count({ n: '*' }));
  return Number(row?.['n'] ?? 0);
}

/** How far a run has come; `readGaps` finds what is left of its first pass. */
export interface Checkpoint {
  /** Highest number of a committed batch; 0 before the first. */
  readonly batch: number;
  /** The latest pass begun. */
  readonly pass: number;
  /** Sums over the batches of the first pass. */
  readonly rowsRead: number;
}

export async function readCheckpoint(executor: Executor, runId: number): Promise<Checkpoint> {
  const [row] = await executor.query((knex) =>
    knex(BATCHES_TABLE)
      .where({ run_id: runId })
      .max({ last_batch: 'batch', last_pass: 'pass' })
      .sum({ rows_read: knex.raw('CASE WHEN pass = 1 THEN rows_read ELSE 0 END') }),
  );
  return {
    batch: Number(row?.['last_batch'] ?? 0),
    pass: Number(row?.['last_pass'] ?? 1),
    rowsRead: Number(row?.['rows_read'] ?? 0),
  };
}

/** A batch of a run's first pass, for its pace. */
export interface CommittedBatch {
  /** ISO 8601 with seconds, UTC, by the clock of the machine that wrote it. */
  readonly at: string;
  readonly rows: number;
}

/** The latest batches of a run's first pass, newest first. */
export async function latestBatches(
  executor: Executor,
  runId: number,
  most: number,
): Promise<readonly CommittedBatch[]> {
  const rows = await executor.query((knex) =>
    knex(BATCHES_TABLE)
      .where({ run_id: runId, pass: 1 })
      .select('committed_at', 'rows_read')
      .orderBy([
        { column: 'committed_at', order: 'desc' },
        { column: 'batch', order: 'desc' },
      ])
      .limit(most),
  );
  return rows.map((row) => ({ at: String(row['committed_at']), rows: Number(row['rows_read']) }));
}

/** Sums up the batches of a run. Reads all of them at once: a batch is one small row. */
export async function sumCounts(executor: Executor, runId: number): Promise<BatchTotals> {
  const rows = await executor.query((knex) => knex(BATCHES_TABLE).where({ run_id: runId }));
  const seals = noEntries();
  for (const row of rows) addSeal(seals, toAccount(row));
  return { ...rows.reduce(addBatch, NO_BATCHES), seals: sumText(seals) };
}

export interface BatchTotals {
  readonly batches: number;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  /** Of the first pass: every row counted once. */
  readonly counts: Readonly<Record<DecisionStatus, number>>;
  /** A sum over the seals of all batches in any order, which shows one that is missing or was added. */
  readonly seals: string;
}

const NO_BATCHES: Omit<BatchTotals, 'seals'> = {
  batches: 0,
  rowsRead: 0,
  rowsWritten: 0,
  counts: zeroStatusCounts(),
};

function addBatch(totals: typeof NO_BATCHES, row: DriverRow): typeof NO_BATCHES {
  const firstPass = Number(row['pass']) === 1;
  // A text that is no list was written by another hand; verify reports it.
  const found: unknown = parsed(row['counts']);
  const counts = { ...totals.counts };
  for (const [index, status] of DECISION_STATUSES.entries()) {
    counts[status] += firstPass && Array.isArray(found) ? Number(found[index] ?? 0) : 0;
  }
  return {
    batches: totals.batches + 1,
    rowsRead: totals.rowsRead + (firstPass ? Number(row['rows_read']) : 0),
    rowsWritten: totals.rowsWritten + Number(row['rows_written']),
    counts,
  };
}
