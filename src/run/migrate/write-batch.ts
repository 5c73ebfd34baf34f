import { insertBatch, type BatchRecord } from '../../journal/batches.ts';
import { type DecisionCache, storedForm } from '../../journal/decisions.ts';
import { insertEntries, supersedeEntries } from '../../journal/entries.ts';
import type { Lease } from '../../journal/lease.ts';
import { computeLedger } from '../../journal/ledger.ts';
import type { Target } from '../../journal/meta.ts';
import {
  batchScopes,
  countUnchanged,
  scopesOfDecisions,
  withdrawResults,
  writeResults,
} from '../../journal/results.ts';
import type { Database, Executor } from '../../db/database.ts';
import type { GlanceSchema } from '../../glance/tables/schema.ts';
import type { Statement } from '../../glance/tables/statement.ts';
import { isDecided } from '../../model/decision.ts';
import type { BatchWork, DecidedRow } from './batch-work.ts';

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
