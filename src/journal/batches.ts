import type { DriverRow, Executor } from '../db/database.ts';
import { DECISION_STATUSES, type DecisionStatus } from '../model/vocabulary.ts';
import { BATCHES_TABLE } from './tables.ts';

/** One committed batch: the checkpoint. It is written in the batch's own transaction, so it is never ahead of the data. */
export interface BatchRecord {
  readonly runId: number;
  /** Counts from 1 within the run. */
  readonly batch: number;
  /** Says whether this very batch was committed, when the answer to its COMMIT was lost. */
  readonly uuid: string;
  /** 1: the pass over the whole table; 2 and later: tail passes over what changed meanwhile. */
  readonly pass: number;
  /** First and last key of the page, inclusive, in the database's order. */
  readonly firstKey: string;
  readonly lastKey: string;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly counts: Readonly<Record<DecisionStatus, number>>;
  /** ISO 8601, UTC, by this machine's clock; for people, never for decisions. */
  readonly committedAt: string;
}

/** Where a run stands. */
export interface Checkpoint {
  /** Number of the last committed batch; 0 before the first. */
  readonly batch: number;
  readonly pass: number;
  /** Highest key of the first pass; null before its first batch. */
  readonly watermark: string | null;
  /** Sums over the batches of the first pass. */
  readonly rowsRead: number;
}

export async function insertBatch(executor: Executor, record: BatchRecord): Promise<void> {
  await executor.execute(
    `INSERT INTO ${BATCHES_TABLE} (run_id, batch, uuid, pass, first_key, last_key, rows_read, rows_written, counts, committed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      record.runId,
      record.batch,
      record.uuid,
      record.pass,
      record.firstKey,
      record.lastKey,
      record.rowsRead,
      record.rowsWritten,
      JSON.stringify(DECISION_STATUSES.map((status) => record.counts[status])),
      record.committedAt,
    ],
  );
}

export async function batchExists(executor: Executor, uuid: string): Promise<boolean> {
  const rows = await executor.query(`SELECT batch FROM ${BATCHES_TABLE} WHERE uuid = ?`, [uuid]);
  return rows.length > 0;
}

/** Reads the checkpoint of a run. Keys come back exactly as stored and are handed back to the database unchanged. */
export async function readCheckpoint(executor: Executor, runId: number): Promise<Checkpoint> {
  const [last] = await executor.query(
    `SELECT batch, pass FROM ${BATCHES_TABLE} WHERE run_id = ? ORDER BY batch DESC LIMIT 1`,
    [runId],
  );
  const [first] = await executor.query(
    `SELECT last_key FROM ${BATCHES_TABLE} WHERE run_id = ? AND pass = 1 ORDER BY batch DESC LIMIT 1`,
    [runId],
  );
  const [sum] = await executor.query(
    `SELECT COALESCE(SUM(rows_read), 0) AS rows_read FROM ${BATCHES_TABLE} WHERE run_id = ? AND pass = 1`,
    [runId],
  );
  return {
    batch: last === undefined ? 0 : Number(last['batch']),
    pass: last === undefined ? 1 : Number(last['pass']),
    watermark: first === undefined ? null : String(first['last_key']),
    rowsRead: Number(sum?.['rows_read'] ?? 0),
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
