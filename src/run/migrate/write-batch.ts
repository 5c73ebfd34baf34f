import { ShapedRecord } from '../../glance/reader/shaped-row.ts';
import { flag } from '../../glance/tables/driver-value.ts';
import { type GlanceSchema } from '../../glance/tables/schema.ts';
import { type Statement } from '../../glance/tables/keys.ts';
import { resultSelection, sameLegacy, sameResults } from '../../journal/compare-row.ts';
import { inLists, marks } from '../../journal/table-pages.ts';
import type { Target } from '../../journal/meta.ts';
import type { Database, DriverRow, Executor } from '../../db/database.ts';
import type { DecidedRow, BatchWork } from './batch-work.ts';
import { insertBatch, type BatchRecord } from '../../journal/batches.ts';
import type { DecisionCache } from '../../journal/decisions.ts';
import { insertEntries, insertSharedEntries, supersedeEntries } from '../../journal/entries.ts';
import type { Lease } from '../../journal/lease.ts';
import { addEntries, type BatchLedger, computeLedger, sumText } from '../../journal/ledger.ts';
import { batchScopes, countUnchanged, sumOfRows, withdrawResults, writeResults } from '../../journal/results.ts';

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
 * must be exact.
 *
 * @throws StaleBatchError when a guard matched fewer rows; RetypeError LEASE_LOST; driver errors unchanged.
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
  { writer, schema, target }: BatchPlace,
  trx: Executor,
  { runId, batch }: BatchRecord,
  { range, rows, shared }: RowsToWrite,
  ledger: BatchLedger,
): Promise<void> {
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
    const found = inserted ?? (await sumOfRows(trx, schema, place, scopes));
    if (sumText(found) !== sumText(ledger.written))
      throw new StaleBatchError('the rows that share decisions are others than those read');
  }
  // Rows that share a decision were looked up inside this transaction. The others were decided before it, and where
  // no result is written, no guard of an UPDATE compares them.
  const ids = (shared?.own ?? rows)
    .filter(({ form }) => target.kind === 'table' || !isDecided(form))
    .map(({ image }) => image.id);
  const unguarded = batchScopes(schema, { ...place, range: null, ids });
  expectMatched(await total(unguarded, (scope) => countUnchanged(writer, trx, scope)), ids.length);
  const decided = rows.reduce((sum, { form }) => (isDecided(form) ? sum + 1 : sum), 0);
  if (target.kind === 'table' || decided === 0) return;
  // Last of the slow statements: from here on, a writer that needs one of the rows waits for the COMMIT.
  expectMatched(await total(scopes, (scope) => writeResults(writer, trx, target.names, scope)), decided);
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
export async function findStaleRows(
  { writer: database, schema: { shape }, target }: Pick<BatchPlace, 'writer' | 'schema' | 'target'>,
  rows: readonly RereadRow[],
): Promise<readonly Staleness[]> {
  const stale: Staleness[] = [];
  const selected = resultSelection(database, target, 'i.');
  const columns = ['id', 'disk_format', 'container_format', 'status', 'deleted'].map((name) => `i.${name}`);
  for (const chunk of inLists(rows)) {
    const rowsNow = await database.query(
      `SELECT ${[...columns, ...selected, `${shape ?? 'NULL'} AS shape`].join(', ')}
       FROM images i WHERE i.id IN (${marks(chunk)})`,
      chunk.map(({ image }) => image.id),
    );
    const byId = new Map(rowsNow.map((row) => [String(row['id']), row]));
    for (const row of chunk) {
      const found = byId.get(row.image.id);
      const now = found === undefined || flag(found['deleted']) ? null : presentRow(found);
      if (now === null || !sameLegacy(now, row.image) || !sameShape(found, row)) {
        stale.push({ kind: 'changed', id: row.image.id });
      } else if (!(await isReadable(database, row))) {
        stale.push({ kind: 'unreadable', id: row.image.id });
      } else if (selected.length > 0 && !sameResults(now, row.stored)) {
        stale.push({ kind: 'foreign-value', id: row.image.id });
      }
    }
  }
  return stale;
}

/** Whether the size and the rest of what was read as a shape are still the same; tuple and status are in it as well. */
function sameShape(found: DriverRow | undefined, { image }: RereadRow): boolean {
  return !(image instanceof ShapedRecord) || found?.['shape'] === image.shape.text;
}

function presentRow(row: DriverRow): Parameters<typeof sameLegacy>[0] & Parameters<typeof sameResults>[0] {
  return {
    diskFormat: row['disk_format'],
    containerFormat: row['container_format'],
    status: row['status'],
    imageType: row['result_0'],
    containerType: row['result_1'],
    envelope: row['result_2'],
  };
}

/** A driver replaces bytes that are not text by U+FFFD (SQLite stores any bytes). */
const REPLACED = /\uFFFD/;

/**
 * Whether the words as read are the bytes as stored. The guard of a batch compares bytes, so a row with bytes that are
 * not text can never be written. Without this question the batch would be tried again until the budget is spent, and
 * all rows behind it would wait.
 */
async function isReadable(database: Database, { image }: RereadRow): Promise<boolean> {
  const words = [image.diskFormat, image.containerFormat, image.status];
  if (!words.some((word) => word !== null && REPLACED.test(word))) return true;
  const same = ['disk_format', 'container_format', 'status'].map((column) => database.dialect.sameBytes(column, '?'));
  const rows = await database.query(`SELECT id FROM images WHERE id = ? AND ${same.join(' AND ')}`, [
    image.id,
    ...words,
  ]);
  return rows.length > 0;
}
