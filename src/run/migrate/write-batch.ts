import { insertBatch, type BatchRecord } from '../../journal/batches.ts';
import { type DecisionCache, storedForm } from '../../journal/decisions.ts';
import { insertEntries, JOINED_DECISION, sameLegacyRow, supersedeEntries } from '../../journal/entries.ts';
import { inLists, marks } from '../../journal/id-lists.ts';
import type { Lease } from '../../journal/lease.ts';
import { computeLedger } from '../../journal/ledger.ts';
import { columnList, type ColumnNames, type Target } from '../../journal/meta.ts';
import { DECISIONS_TABLE, JOURNAL_TABLE } from '../../journal/tables.ts';
import type { Database, Executor } from '../../db/database.ts';
import type { JoinedUpdate } from '../../db/dialect.ts';
import { withinRange } from '../../glance/tables/scan-order.ts';
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
  const scopes = [...batchScopes(schema, record, work, rows)];
  if (target.kind === 'table') {
    expectMatched(await total(scopes, (scope) => countUnchanged(writer, trx, scope)), rows.length);
    return;
  }
  const undecided = rows.filter(({ decision }) => !isDecided(decision));
  const left = undecidedScopes(scopes, undecided);
  expectMatched(await total(left, (scope) => countUnchanged(writer, trx, scope)), undecided.length);
  if (undecided.length === rows.length) return;
  // Last of the slow statements: from here on, a writer that needs one of the rows waits for the COMMIT.
  const written = await total(scopes, (scope) => writeResults(writer, trx, target.names, scope));
  expectMatched(written, rows.length - undecided.length);
}

/**
 * Selects the undecided rows among a batch's own journal rows, by their decisions, which they share with few others.
 */
function* undecidedScopes(scopes: readonly Statement[], undecided: readonly DecidedRow[]): Generator<Statement> {
  const keys = new Set(undecided.map(({ decision, image }) => storedForm(decision, image).key));
  for (const { sql, bindings } of scopes) {
    for (const chunk of inLists([...keys]))
      yield { sql: `${sql} AND r.decision_key IN (${marks(chunk)})`, bindings: [...bindings, ...chunk] };
  }
}

async function total(scopes: Iterable<Statement>, count: (scope: Statement) => Promise<number>): Promise<number> {
  let sum = 0;
  for (const scope of scopes) sum += await count(scope);
  return sum;
}

/** Selects a batch's own journal rows, alias `r`, joined to `images`, alias `i`. */
function* batchScopes(
  schema: GlanceSchema,
  record: BatchRecord,
  { range }: BatchWork,
  rows: readonly DecidedRow[],
): Generator<Statement> {
  if (range === null) {
    // A tail pass takes rows from all over the table; a range would read everything between them.
    for (const chunk of inLists(rows))
      yield listScope(
        record,
        chunk.map(({ image }) => image.id),
      );
    return;
  }
  const within = withinRange(schema, 'i', range);
  // The journal is stored in the order of its key as well, and is the shorter table.
  const sql = schema.scan.kind === 'key' ? within.sql.replaceAll('i.id', 'r.image_id') : within.sql;
  yield { sql: `${sql} AND ${OWN}`, bindings: [...within.bindings, record.runId, record.batch] };
}

const OWN = 'r.run_id = ? AND r.batch = ?';

function listScope({ runId, batch }: BatchRecord, ids: readonly string[]): Statement {
  return { sql: `r.image_id IN (${marks(ids)}) AND ${OWN}`, bindings: [...ids, runId, batch] };
}

function unchanged(writer: Database): string {
  return `${sameLegacyRow(writer)} AND NOT i.deleted`;
}

/** Builds an update of result columns, alias `i`, from journal rows, alias `r`, and their decisions, alias `d`. */
export function updateFromJournal(
  set: Readonly<Record<string, string>>,
  { sql, bindings }: Statement,
  guards: readonly string[] = [],
): JoinedUpdate {
  return {
    target: { table: 'images', alias: 'i' },
    source: { table: JOURNAL_TABLE, alias: 'r' },
    lookups: [{ table: DECISIONS_TABLE, alias: 'd', on: 'd.decision_key = r.decision_key' }],
    on: 'i.id = r.image_id',
    set,
    where: [sql, ...guards].join(' AND '),
    bindings,
  };
}

/** Result columns with the values of a joined decision, alias `d`. */
export function resultsFromJournal(names: ColumnNames): Readonly<Record<string, string>> {
  return {
    [names.imageType]: 'd.image_type',
    [names.containerType]: 'd.container_type',
    [names.envelope]: 'd.envelope',
  };
}

async function writeResults(writer: Database, trx: Executor, names: ColumnNames, scope: Statement): Promise<number> {
  const empty = columnList(names).map((name) => `i.${writer.dialect.quote(name)} IS NULL`);
  const guards = [`d.status IN ('exact', 'inferred')`, unchanged(writer), ...empty];
  return writer.dialect.updateJoined(trx, updateFromJournal(resultsFromJournal(names), scope, guards));
}

/** Sets the result columns back to NULL where they still hold what the journal says. @returns rows matched. */
export async function withdrawResults(
  writer: Database,
  trx: Executor,
  names: ColumnNames,
  ids: readonly string[],
): Promise<number> {
  const written = resultsFromJournal(names);
  const guards = columnList(names).map((name) =>
    writer.dialect.sameBytes(`i.${writer.dialect.quote(name)}`, written[name] ?? 'NULL'),
  );
  const cleared = Object.fromEntries(columnList(names).map((name) => [name, 'NULL']));
  let matched = 0;
  for (const chunk of inLists(ids)) {
    const list = { sql: `r.image_id IN (${marks(chunk)})`, bindings: chunk };
    matched += await writer.dialect.updateJoined(trx, updateFromJournal(cleared, list, guards));
  }
  return matched;
}

async function countUnchanged(writer: Database, trx: Executor, scope: Statement): Promise<number> {
  const [row] = await trx.query(
    `SELECT COUNT(*) AS n FROM ${JOURNAL_TABLE} r ${JOINED_DECISION} JOIN images i ON i.id = r.image_id
     WHERE ${scope.sql} AND ${unchanged(writer)}`,
    scope.bindings,
  );
  return Number(row?.['n'] ?? 0);
}

function expectMatched(matched: number, expected: number): void {
  if (matched !== expected) {
    throw new StaleBatchError(`${matched} of ${expected} rows are still as they were decided on`);
  }
}
