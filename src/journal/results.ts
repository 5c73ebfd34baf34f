import type { Database, Executor } from '../db/database.ts';
import { LONG_READ_LIMITS } from '../db/transaction/deadlines.ts';
import { ENTRY_SELECTION, hasEntries, type JournalEntry, JOINED_DECISION, toEntry, sameLegacyRow } from './entries.ts';
import { addEntry, type BatchOfEntries, type EntrySum, noEntries } from './ledger.ts';
import { columnList, type ColumnNames, type Target } from './meta.ts';
import { JOURNAL_TABLE, UNDO_TABLE, DECISIONS_TABLE } from './tables.ts';
import type { JoinedUpdate } from '../db/dialect.ts';
import { idsWithinRange, type ScanRange, withinRange } from '../glance/tables/scan-order.ts';
import { type GlanceSchema } from '../glance/tables/schema.ts';
import { bindKey, type Statement } from '../glance/tables/keys.ts';
import { inLists, marks } from './table-pages.ts';

// The statements of a batch are text: an UPDATE with joins, for which knex has no form on PostgreSQL and SQLite, with
// guards that compare bytes as each engine does.

/** A batch whose own journal rows are meant. */
export interface BatchRows {
  readonly runId: number;
  readonly batch: number;
  /** The part of the table that it covers; null where its rows lie anywhere. */
  readonly range: ScanRange | null;
  /** Ids of its images, in scan order where there is a range. */
  readonly ids: readonly string[];
}

const OWN = 'r.run_id = ? AND r.batch = ?';

/** Conditions that select a batch's own journal rows, alias `r`, joined to `images`, alias `i`. */
export function batchScopes(schema: GlanceSchema, { runId, batch, range, ids }: BatchRows): readonly Statement[] {
  if (range === null) {
    // A tail pass takes rows from all over the table; a range would read everything between them.
    return Array.from(inLists(ids), (chunk) => ({
      sql: `r.image_id IN (${marks(chunk)}) AND ${OWN}`,
      bindings: [...chunk, runId, batch],
    }));
  }
  if (schema.scan.kind !== 'key') {
    const { sql, bindings } = withinRange(schema, 'i', range);
    return [{ sql: `${sql} AND ${OWN}`, bindings: [...bindings, runId, batch] }];
  }
  // The journal has the same order, and is the shorter table. Each scan ends at a row of this batch: MySQL's UPDATE
  // reads and locks one row beyond a range, and that is the first row of the batch of another lane.
  const [first, last] = [ids[0], ids.at(-1)].map((id) => (id === undefined ? null : bindKey(schema, id)));
  if (first === undefined || last === undefined || first === null || last === null) return [];
  return [
    { sql: `r.image_id >= ? AND r.image_id < ? AND ${OWN}`, bindings: [first, last, runId, batch] },
    { sql: `r.image_id = ? AND ${OWN}`, bindings: [last, runId, batch] },
  ];
}

/** Reads the journal rows of a batch back, and sums them up as `computeLedger` does. */
export async function sumOfRows(
  trx: Executor,
  schema: GlanceSchema,
  { runId, batch }: BatchOfEntries,
  range: ScanRange,
): Promise<EntrySum> {
  const { sql, bindings } = idsWithinRange(schema, 'r.image_id', range);
  const sum = noEntries();
  for (const row of await trx.query(
    `SELECT r.image_id, r.decision_key FROM ${JOURNAL_TABLE} r WHERE ${sql} AND ${OWN}`,
    [...bindings, runId, batch],
  ))
    addEntry(sum, { imageId: String(row['image_id']), runId, batch, decisionKey: String(row['decision_key']) });
  return sum;
}

/**
 * Writes the results of a scope's decided rows into empty result columns of live images that are still as they were
 * decided on.
 *
 * @returns rows matched.
 */
export async function writeResults(
  { dialect }: Database,
  trx: Executor,
  names: ColumnNames,
  scope: Statement,
): Promise<number> {
  const empty = columnList(names).map((name) => `i.${dialect.quote(name)} IS NULL`);
  const guards = [`d.status IN ('exact', 'inferred')`, unchanged({ dialect }), ...empty];
  return dialect.updateJoined(trx, updateFromJournal(storedResults(names), scope, guards));
}

/** Writes the results of journal rows that a rollback has restored. */
export async function rewriteResults(
  { dialect }: Database,
  trx: Executor,
  names: ColumnNames,
  ids: readonly string[],
): Promise<void> {
  for (const scope of listScopes(ids)) await dialect.updateJoined(trx, updateFromJournal(storedResults(names), scope));
}

/** Sets result columns to NULL where they still hold what the journal says. @returns rows matched. */
export async function withdrawResults(
  { dialect }: Database,
  trx: Executor,
  names: ColumnNames,
  ids: readonly string[],
): Promise<number> {
  const written = Object.entries(storedResults(names));
  const guards = written.map(([name, stored]) => dialect.sameBytes(`i.${dialect.quote(name)}`, stored));
  const cleared = Object.fromEntries(written.map(([name]) => [name, 'NULL']));
  let matched = 0;
  for (const scope of listScopes(ids))
    matched += await dialect.updateJoined(trx, updateFromJournal(cleared, scope, guards));
  return matched;
}

function listScopes(ids: readonly string[]): readonly Statement[] {
  return Array.from(inLists(ids), (chunk) => ({ sql: `r.image_id IN (${marks(chunk)})`, bindings: chunk }));
}

function unchanged(database: Pick<Database, 'dialect'>): string {
  return `${sameLegacyRow(database)} AND NOT i.deleted`;
}

function storedResults(names: ColumnNames): Readonly<Record<string, string>> {
  return {
    [names.imageType]: 'd.image_type',
    [names.containerType]: 'd.container_type',
    [names.envelope]: 'd.envelope',
  };
}

/** An update of result columns, alias `i`, by journal rows, alias `r`, and their decisions, alias `d`. */
function updateFromJournal(
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

/** A journal row that a rollback may take back, with the state of its image now. */
export interface UndoCandidate {
  readonly entry: JournalEntry;
  /** `gone`: there is nothing to take back; `changed`: the result columns hold what the journal does not say. */
  readonly state: 'as-written' | 'changed' | 'gone';
}

/** Which journal rows of a run to read, in the order of their images. */
export interface UndoPage {
  readonly runId: number;
  /** The last image of the page before; null at the beginning. */
  readonly after: string | null;
  /** Rows, at most. */
  readonly limit: number;
  /** Only the images of one owner, or only one image. */
  readonly only: { readonly column: 'i.owner' | 'r.image_id'; readonly value: string } | null;
}

/** Reads one page of the journal rows of a run. */
export async function readUndoPage(
  database: Database,
  target: Target,
  { runId, after, limit, only }: UndoPage,
): Promise<readonly UndoCandidate[]> {
  const { dialect } = database;
  const names = target.kind === 'columns' ? columnList(target.names) : [];
  const stored = ['d.image_type', 'd.container_type', 'd.envelope'];
  const asWritten = names.map((name, index) => dialect.sameBytes(`i.${dialect.quote(name)}`, stored[index] ?? ''));
  // Somebody else cleared them already: nothing is left to undo.
  const cleared = names.map((name) => `i.${dialect.quote(name)} IS NULL`);
  const filters = [
    { sql: 'r.run_id = ?', value: runId },
    ...(after === null ? [] : [{ sql: 'r.image_id > ?', value: after }]),
    ...(only === null ? [] : [{ sql: `${only.column} = ?`, value: only.value }]),
  ];
  const rows = await database.query(
    `SELECT ${ENTRY_SELECTION}, CASE WHEN i.id IS NULL THEN 'gone' WHEN ${allOf(asWritten)} THEN 'as-written' WHEN ${allOf(cleared)} THEN 'gone' ELSE 'changed' END AS present_state
     FROM ${JOURNAL_TABLE} r ${JOINED_DECISION} LEFT JOIN images i ON i.id = r.image_id
     WHERE ${filters.map(({ sql }) => sql).join(' AND ')} ORDER BY r.image_id LIMIT ${limit}`,
    filters.map(({ value }) => value),
  );
  return rows.map((row) => ({ entry: toEntry(row), state: String(row['present_state']) as UndoCandidate['state'] }));
}

function allOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? '1 = 1' : conditions.join(' AND ');
}

/**
 * Finds images whose result columns are filled although the journal has no row of them. @returns their number, and
 * the first ids.
 */
export async function findForeignResults(
  database: Database,
  names: ColumnNames,
  limit: number,
): Promise<{ readonly count: number; readonly ids: readonly string[] }> {
  const filled = columnList(names).map((name) => `i.${database.dialect.quote(name)} IS NOT NULL`);
  const from = `FROM images i LEFT JOIN ${JOURNAL_TABLE} r ON r.image_id = i.id WHERE r.image_id IS NULL AND (${filled.join(' OR ')})`;
  const [row] = await database.query(`SELECT COUNT(*) AS n ${from}`, [], LONG_READ_LIMITS);
  const count = Number(row?.['n'] ?? 0);
  if (count === 0 || limit === 0) return { count, ids: [] };
  const found = await database.query(`SELECT i.id ${from} ORDER BY i.id LIMIT ${limit}`, [], LONG_READ_LIMITS);
  return { count, ids: found.map(({ id }) => String(id)) };
}

/** Whether no journal row and no before-image is left, of any run. */
export async function journalIsEmpty(executor: Executor): Promise<boolean> {
  if (await hasEntries(executor)) return false;
  return (await executor.query((knex) => knex(UNDO_TABLE).select('image_id').limit(1))).length === 0;
}
