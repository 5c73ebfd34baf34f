import { flag } from '../../glance/tables/driver-value.ts';
import { type GlanceSchema } from '../../glance/tables/schema.ts';
import { type Statement } from '../../glance/tables/keys.ts';
import { resultSelection, sameLegacy, sameResults } from '../../journal/compare-row.ts';
import { inLists, marks } from '../../journal/table-pages.ts';
import type { Target } from '../../journal/meta.ts';
import type { Database, DriverRow, Executor } from '../../db/database.ts';
import type { DecidedRow, BatchWork } from './batch-work.ts';
import { insertBatch, type BatchRecord } from '../../journal/batches.ts';
import { type DecisionCache, storedForm } from '../../journal/decisions.ts';
import { insertEntries, supersedeEntries } from '../../journal/entries.ts';
import type { Lease } from '../../journal/lease.ts';
import { computeLedger } from '../../journal/ledger.ts';
import {
  batchScopes,
  countUnchanged,
  scopesOfDecisions,
  withdrawResults,
  writeResults,
} from '../../journal/results.ts';
import { isDecided } from '../../model/decision.ts';

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
  work: BatchWork,
  rows: readonly DecidedRow[],
): Promise<void> {
  await insertBatch(trx, place.schema, record, await computeLedger(trx, record, rows));
  if (rows.length > 0) await writeRows(place, trx, record, work, rows);
  await place.lease.assertHeld(trx);
}

async function writeRows(
  { writer, schema, target }: BatchPlace,
  trx: Executor,
  record: BatchRecord,
  work: BatchWork,
  rows: readonly DecidedRow[],
): Promise<void> {
  const replaced = rows.filter(({ stored }) => stored !== null).map(({ image }) => image.id);
  if (replaced.length > 0) {
    if (target.kind === 'columns') {
      expectMatched(await withdrawResults(writer, trx, target.names, replaced), replaced.length);
    }
    await supersedeEntries(trx, record.runId, replaced);
  }
  await insertEntries(writer, trx, { runId: record.runId, batch: record.batch }, rows);
  const { runId, batch } = record;
  const scopes = batchScopes(schema, { runId, batch, range: work.range, ids: rows.map(({ image }) => image.id) });
  if (target.kind === 'table') {
    expectMatched(await total(scopes, (scope) => countUnchanged(writer, trx, scope)), rows.length);
    return;
  }
  const undecided = rows.filter(({ decision }) => !isDecided(decision));
  // Found by their decisions, which they share with few other rows.
  const keys = new Set(undecided.map(({ decision, image }) => storedForm(decision, image).key));
  const left = scopesOfDecisions(scopes, keys);
  expectMatched(await total(left, (scope) => countUnchanged(writer, trx, scope)), undecided.length);
  if (undecided.length === rows.length) return;
  // Last of the slow statements: from here on, a writer that needs one of the rows waits for the COMMIT.
  const written = await total(scopes, (scope) => writeResults(writer, trx, target.names, scope));
  expectMatched(written, rows.length - undecided.length);
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

/** Reads the rows of a batch again and says which of them keep it from being committed. */
export async function findStaleRows(
  database: Database,
  target: Target,
  rows: readonly DecidedRow[],
): Promise<readonly Staleness[]> {
  const stale: Staleness[] = [];
  const selected = resultSelection(database, target);
  for (const chunk of inLists(rows)) {
    const rowsNow = await database.query(
      `SELECT ${['id', 'disk_format', 'container_format', 'status', 'deleted', ...selected].join(', ')}
       FROM images WHERE id IN (${marks(chunk)})`,
      chunk.map(({ image }) => image.id),
    );
    const byId = new Map(rowsNow.map((row) => [String(row['id']), row]));
    for (const row of chunk) {
      const found = byId.get(row.image.id);
      const now = found === undefined || flag(found['deleted']) ? null : presentRow(found);
      if (now === null || !sameLegacy(now, row.image)) {
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
async function isReadable(database: Database, { image }: DecidedRow): Promise<boolean> {
  const words = [image.diskFormat, image.containerFormat, image.status];
  if (!words.some((word) => word !== null && REPLACED.test(word))) return true;
  const same = ['disk_format', 'container_format', 'status'].map((column) => database.dialect.sameBytes(column, '?'));
  const rows = await database.query(`SELECT id FROM images WHERE id = ? AND ${same.join(' AND ')}`, [
    image.id,
    ...words,
  ]);
  return rows.length > 0;
}
