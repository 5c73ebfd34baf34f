import type { Database, Executor } from '../db/database.ts';
import type { JoinedUpdate } from '../db/dialect.ts';
import { type ScanRange, withinRange } from '../glance/tables/scan-order.ts';
import type { GlanceSchema } from '../glance/tables/schema.ts';
import type { Statement } from '../glance/tables/statement.ts';
import { JOINED_DECISION, sameLegacyRow } from './entries.ts';
import { inLists, marks } from './id-lists.ts';
import { columnList, type ColumnNames } from './meta.ts';
import { DECISIONS_TABLE, JOURNAL_TABLE } from './tables.ts';

// The statements of a batch are text: an UPDATE with joins, for which knex has no form on PostgreSQL and SQLite, with
// guards that compare bytes as each engine does.

/** A batch whose own journal rows are meant. */
export interface BatchRows {
  readonly runId: number;
  readonly batch: number;
  /** The part of the table that it covers; null where its rows lie anywhere. */
  readonly range: ScanRange | null;
  /** Ids of its images. */
  readonly ids: readonly string[];
}

/** Conditions that select a batch's own journal rows, alias `r`, joined to `images`, alias `i`. */
export function batchScopes(schema: GlanceSchema, { runId, batch, range, ids }: BatchRows): readonly Statement[] {
  const own = 'r.run_id = ? AND r.batch = ?';
  if (range === null) {
    // A tail pass takes rows from all over the table; a range would read everything between them.
    return Array.from(inLists(ids), (chunk) => ({
      sql: `r.image_id IN (${marks(chunk)}) AND ${own}`,
      bindings: [...chunk, runId, batch],
    }));
  }
  const within = withinRange(schema, 'i', range);
  // The journal has the same order, and is the shorter table.
  const sql = schema.scan.kind === 'key' ? within.sql.replaceAll('i.id', 'r.image_id') : within.sql;
  return [{ sql: `${sql} AND ${own}`, bindings: [...within.bindings, runId, batch] }];
}

/** Restricts scopes to the rows that have one of some decisions. */
export function scopesOfDecisions(scopes: readonly Statement[], keys: ReadonlySet<string>): readonly Statement[] {
  return scopes.flatMap(({ sql, bindings }) =>
    Array.from(inLists([...keys]), (chunk) => ({
      sql: `${sql} AND r.decision_key IN (${marks(chunk)})`,
      bindings: [...bindings, ...chunk],
    })),
  );
}

/** Counts the rows of a scope whose image is live and still as it was decided on. */
export async function countUnchanged(database: Database, trx: Executor, scope: Statement): Promise<number> {
  const [row] = await trx.query(
    `SELECT COUNT(*) AS n FROM ${JOURNAL_TABLE} r ${JOINED_DECISION} JOIN images i ON i.id = r.image_id
     WHERE ${scope.sql} AND ${unchanged(database)}`,
    scope.bindings,
  );
  return Number(row?.['n'] ?? 0);
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

/** Result columns as the decision of a journal row, alias `d`, has them. */
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
