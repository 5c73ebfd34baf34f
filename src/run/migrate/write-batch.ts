import { ShapedRecord } from '../../glance/reader/shaped-row.ts';
import { flag, keyText } from '../../glance/tables/driver-value.ts';
import { type GlanceSchema } from '../../glance/tables/schema.ts';
import { type Statement } from '../../glance/tables/keys.ts';
import { resultSelection, resultsIn, sameLegacy, sameResults } from '../../journal/compare-row.ts';
import { inLists, marks } from '../../journal/table-pages.ts';
import type { Target } from '../../journal/meta.ts';
import type { Database, DriverRow, Executor } from '../../db/database.ts';
import type { DecidedRow, BatchWork } from './batch-work.ts';
import { insertBatch, type BatchRecord } from '../../journal/batches.ts';
import type { DecisionCache } from '../../journal/decisions.ts';
import { insertEntries, insertSharedEntries, supersedeEntries } from '../../journal/entries.ts';
import type { Lease } from '../../journal/lease.ts';
import { addEntries, type BatchLedger, computeLedger, sumText } from '../../journal/ledger.ts';
import { batchScopes, sumOfRows, withdrawResults, writeResults } from '../../journal/results.ts';

/** Rolls a batch back when a row is no longer as it was decided on. Control flow only. */
export class StaleBatchError extends Error {
  override readonly name = 'StaleBatchError';
}

/** Where batches are written, and under which lease. */
export interface BatchPlace {
  readonly writer: Database;
  readonly schema: GlanceSchema;
  readonly lease: Lease;
  readonly target: Target;
  readonly cache: DecisionCache;
}

/**
 * Writes one batch inside the caller's transaction: checkpoint, journal, data, and last the lease, whose row is then
 * held for the shortest time. All of it commits, or none. The decisions that the rows name must be stored already.
 *
 * One statement writes all results of the batch. Guards on every row compare its legacy tuple and status (NULL-safe and
 * byte for byte), `deleted`, and the result columns, which must hold what the journal says. The number of matched rows
 * must be exact. Rows that share a decision are looked up by the server, and must be those that were read; all others
 * are read again, with what else of their columns decisions depend on.
 *
 * @throws StaleBatchError when a row is no longer what it was decided on; RetypeError LEASE_LOST; driver errors as they
 *   are.
 */
export async function writeBatch(
  place: BatchPlace,
  trx: Executor,
  record: BatchRecord,
  work: RowsToWrite,
): Promise<void> {
  const ledger = await computeLedger(trx, record, work.rows);
  await insertBatch(trx, place.schema, record, ledger);
  if (work.rows.length > 0) await writeRows(place, trx, record, work, ledger);
  await place.lease.assertHeld(trx);
}

/** The rows of one attempt to write a batch. */
export type RowsToWrite = Pick<BatchWork, 'range' | 'rows' | 'shared'>;

async function writeRows(
  to: BatchPlace,
  trx: Executor,
  { runId, batch }: BatchRecord,
  { range, rows, shared }: RowsToWrite,
  ledger: BatchLedger,
): Promise<void> {
  const { writer, schema, target } = to;
  const replaced = rows.filter(({ stored }) => stored !== null).map(({ image }) => image.id);
  if (replaced.length > 0) {
    if (target.kind === 'columns') {
      expectMatched(await withdrawResults(writer, trx, target.names, replaced), replaced.length);
    }
    await supersedeEntries(trx, runId, replaced);
  }
  const place = { runId, batch };
  const scopes = batchScopes(schema, { ...place, range, ids: rows.map(({ image }) => image.id) });
  await insertEntries(writer, trx, place, shared === null ? rows : shared.own);
  if (shared !== null && range !== null) {
    const except = [...shared.own.map(({ image }) => image.id), ...shared.done];
    const { keyByShape } = shared;
    const inserted = await insertSharedEntries(writer, trx, schema, place, { range, keyByShape, except });
    if (inserted !== null) addEntries(inserted, place, shared.own);
    const found = inserted ?? (await sumOfRows(trx, schema, place, range));
    if (sumText(found) !== sumText(ledger.written))
      throw new StaleBatchError('the rows that share decisions are others than those read');
  }
  const decided = rows.reduce((sum, { form }) => (isDecided(form) ? sum + 1 : sum), 0);
  // From here on, a writer that needs one of the rows waits for the COMMIT.
  if (target.kind === 'columns' && decided > 0)
    expectMatched(await total(scopes, (scope) => writeResults(writer, trx, target.names, scope)), decided);
  // Rows that share a decision were looked up inside this transaction; the others were decided before it.
  await expectUnchanged(to, trx, shared?.own ?? rows);
}

/** Reads rows again, so that none is written whose size, status or words are no longer those that were decided on. */
async function expectUnchanged(place: BatchPlace, trx: Executor, rows: readonly DecidedRow[]): Promise<void> {
  for (const chunk of inLists(rows)) {
    const now = await readAgain(place, trx, chunk);
    for (const row of chunk) {
      if (isUnchanged(now.get(row.image.id), row) && (await isReadable(place.writer, trx, row))) continue;
      throw new StaleBatchError(`image ${row.image.id} is no longer as it was decided on`);
    }
  }
}

/** Whether the decision is written to the image. */
function isDecided({ status }: DecidedRow['form']): boolean {
  return status === 'exact' || status === 'inferred';
}

async function total(scopes: Iterable<Statement>, count: (scope: Statement) => Promise<number>): Promise<number> {
  let sum = 0;
  for (const scope of scopes) sum += await count(scope);
  return sum;
}

function expectMatched(matched: number, expected: number): void {
  if (matched !== expected) {
    throw new StaleBatchError(`${matched} of ${expected} rows are still as they were decided on`);
  }
}

/** Why a row cannot be written now. */
export type Staleness =
  /** Legacy tuple, status or deletion changed, or the row is gone: the next pass decides it again. */
  | { readonly kind: 'changed'; readonly id: string }
  /** Bytes that are not text: no pass can write the row, and verify names it. */
  | { readonly kind: 'unreadable'; readonly id: string }
  /** The result columns hold values that this tool did not write: never overwritten, listed. */
  | { readonly kind: 'foreign-value'; readonly id: string };

/** What is compared of a row that is read again. */
type RereadRow = Pick<DecidedRow, 'image' | 'stored'>;

/** Reads the rows of a batch again and says which of them keep it from being committed. */
export async function findStaleRows(place: RereadPlace, rows: readonly RereadRow[]): Promise<readonly Staleness[]> {
  const { writer, target } = place;
  const stale: Staleness[] = [];
  for (const chunk of inLists(rows)) {
    const now = await readAgain(place, writer, chunk);
    for (const row of chunk) {
      const found = now.get(row.image.id);
      if (!isUnchanged(found, row)) stale.push({ kind: 'changed', id: row.image.id });
      else if (!(await isReadable(writer, writer, row))) stale.push({ kind: 'unreadable', id: row.image.id });
      else if (target.kind === 'columns' && !sameResults(resultsIn(found), row.stored))
        stale.push({ kind: 'foreign-value', id: row.image.id });
    }
  }
  return stale;
}

type RereadPlace = Pick<BatchPlace, 'writer' | 'schema' | 'target'>;

/** Reads a list of rows as they are now, by id. */
async function readAgain(
  { writer, schema: { shape }, target }: RereadPlace,
  executor: Executor,
  rows: readonly RereadRow[],
): Promise<ReadonlyMap<string, DriverRow>> {
  const columns = ['id', 'disk_format', 'container_format', 'status', 'deleted', 'size'].map((name) => `i.${name}`);
  const selected = [...columns, ...resultSelection(writer, target, 'i.'), `${shape ?? 'NULL'} AS shape`];
  const found = await executor.query(
    `SELECT ${selected.join(', ')} FROM images i WHERE i.id IN (${marks(rows)})`,
    rows.map(({ image }) => image.id),
  );
  return new Map(found.map((row) => [String(row['id']), row]));
}

/** Whether a row is live and what it was decided on: its words, its status, and its size or all that its shape says. */
function isUnchanged(now: DriverRow | undefined, { image }: RereadRow): boolean {
  if (now === undefined || flag(now['deleted'])) return false;
  const words = {
    diskFormat: now['disk_format'],
    containerFormat: now['container_format'],
    status: now['status'],
  };
  if (!sameLegacy(words, image)) return false;
  return image instanceof ShapedRecord
    ? now['shape'] === image.shape.text
    : keyText(now['size']) === keyText(image.size);
}

/** A driver replaces bytes that are not text by U+FFFD (SQLite stores any bytes). */
const REPLACED = /\uFFFD/;

/**
 * Whether the words as read are the bytes as stored. The guard of a batch compares bytes, so a row with bytes that are
 * not text can never be written. Without this question the batch would be tried again until the budget is spent, and
 * all rows behind it would wait.
 */
async function isReadable({ dialect }: Database, executor: Executor, { image }: RereadRow): Promise<boolean> {
  const words = [image.diskFormat, image.containerFormat, image.status];
  if (!words.some((word) => word !== null && REPLACED.test(word))) return true;
  const same = ['disk_format', 'container_format', 'status'].map((column) => dialect.sameBytes(column, '?'));
  const rows = await executor.query(`SELECT id FROM images WHERE id = ? AND ${same.join(' AND ')}`, [
    image.id,
    ...words,
  ]);
  return rows.length > 0;
}
