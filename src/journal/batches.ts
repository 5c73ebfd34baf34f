import type { DriverRow, Executor, SqlValue } from '../db/database.ts';
import { bindPosition } from '../glance/scan-order.ts';
import type { GlanceSchema } from '../glance/schema.ts';
import { DECISION_STATUSES, type DecisionStatus } from '../model/vocabulary.ts';
import { BATCHES_TABLE } from './tables.ts';

/** One committed batch: the checkpoint. It is written in the batch's own transaction, so it is never ahead of the data. */
export interface BatchRecord {
  readonly runId: number;
  /** From 1; unique within the run, in no order where several lanes or shards write. */
  readonly batch: number;
  /** Says whether this very batch was committed, when the answer to its COMMIT was lost; the same for all attempts. */
  readonly uuid: string;
  /** 1: the pass over the whole table; 2 and later: tail passes over what changed meanwhile. */
  readonly pass: number;
  /** The part of the table that the batch settles, in scan order; null for a tail pass, whose rows stand anywhere. */
  readonly range: { readonly after: string | null; readonly until: string } | null;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly counts: Readonly<Record<DecisionStatus, number>>;
  /** ISO 8601, UTC, by this machine's clock; for people, never for decisions. */
  readonly committedAt: string;
}

export async function insertBatch(executor: Executor, schema: GlanceSchema, record: BatchRecord): Promise<void> {
  const position = (key: string | null | undefined): SqlValue =>
    key === null || key === undefined ? null : bindPosition(schema, key);
  await executor.execute(
    `INSERT INTO ${BATCHES_TABLE} (run_id, batch, uuid, pass, after_key, until_key, rows_read, rows_written, counts, committed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      record.runId,
      record.batch,
      record.uuid,
      record.pass,
      position(record.range?.after),
      position(record.range?.until),
      record.rowsRead,
      record.rowsWritten,
      JSON.stringify(DECISION_STATUSES.map((status) => record.counts[status])),
      record.committedAt,
    ],
  );
}

/** Rows written by the batch of that uuid; null where it was not committed, or not yet. */
export async function rowsOfCommitted(executor: Executor, uuid: string): Promise<number | null> {
  const [row] = await executor.query(`SELECT rows_written FROM ${BATCHES_TABLE} WHERE uuid = ?`, [uuid]);
  return row === undefined ? null : Number(row['rows_written']);
}

/** Where a run stands; what is left of its first pass is told by `readGaps`. */
export interface Checkpoint {
  /** Highest number of a committed batch; 0 before the first. */
  readonly batch: number;
  /** Of the latest pass begun. */
  readonly pass: number;
  /** Sums over the batches of the first pass. */
  readonly rowsRead: number;
}

export async function readCheckpoint(executor: Executor, runId: number): Promise<Checkpoint> {
  const [row] = await executor.query(
    `SELECT COALESCE(MAX(batch), 0) AS last_batch, COALESCE(MAX(pass), 1) AS last_pass,
            COALESCE(SUM(CASE WHEN pass = 1 THEN rows_read ELSE 0 END), 0) AS rows_read
     FROM ${BATCHES_TABLE} WHERE run_id = ?`,
    [runId],
  );
  return {
    batch: Number(row?.['last_batch'] ?? 0),
    pass: Number(row?.['last_pass'] ?? 1),
    rowsRead: Number(row?.['rows_read'] ?? 0),
  };
}

/** Sums what a run's batches of the first pass counted, by decision status. Streams nothing: a batch is one small row. */
export async function sumCounts(executor: Executor, runId: number): Promise<BatchTotals> {
  const rows = await executor.query(
    `SELECT pass, rows_read, rows_written, counts FROM ${BATCHES_TABLE} WHERE run_id = ?`,
    [runId],
  );
  return rows.reduce<BatchTotals>(addBatch, NO_BATCHES);
}

export interface BatchTotals {
  readonly batches: number;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  /** Of the first pass: every row counted once. */
  readonly counts: Readonly<Record<DecisionStatus, number>>;
}

const NO_BATCHES: BatchTotals = {
  batches: 0,
  rowsRead: 0,
  rowsWritten: 0,
  counts: { exact: 0, inferred: 0, ambiguous: 0, unmappable: 0, 'not-applicable': 0 },
};

function addBatch(totals: BatchTotals, row: DriverRow): BatchTotals {
  const firstPass = Number(row['pass']) === 1;
  const found = JSON.parse(String(row['counts'])) as readonly number[];
  const counts = { ...totals.counts };
  for (const [index, status] of DECISION_STATUSES.entries()) {
    counts[status] += firstPass ? (found[index] ?? 0) : 0;
  }
  return {
    batches: totals.batches + 1,
    rowsRead: totals.rowsRead + (firstPass ? Number(row['rows_read']) : 0),
    rowsWritten: totals.rowsWritten + Number(row['rows_written']),
    counts,
  };
}
