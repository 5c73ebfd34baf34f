import createKnex, { type Knex } from 'knex';
import type { ColumnInfo, Dialect } from '../dialect.ts';
import { QUIET } from '../transaction/pool-settings.ts';

/** A knex that only builds statements: it has no connection, and what it built fails when it is awaited. */
export function statementBuilder(client: 'mysql2' | 'pg' | 'better-sqlite3'): Knex {
  return createKnex({ ...QUIET, client });
}

/** The statements that all engines build in the same way. A dialect replaces those in which its engine differs. */
export type SchemaStatements = Pick<
  Dialect,
  'quote' | 'columnType' | 'createTable' | 'createView' | 'addColumns' | 'dropColumns' | 'dropTable' | 'dropView'
>;

/** knex's `schema` is a new builder at each access; one that is kept would gather statements. */
export function schemaStatements(knex: Knex): SchemaStatements {
  const quote = (identifier: string): string => (knex.client as KnexClient).wrapIdentifier(identifier, {});
  return {
    quote,
    columnType: (of) => columnType(of, quote),
    createTable: (name, define) => texts(knex.schema.createTable(name, define)),
    createView: (name, select) =>
      texts(knex.schema.createView(name, (view) => view.as(knex.raw(select) as unknown as Knex.QueryBuilder))),
    addColumns: (table, columns) =>
      texts(
        knex.schema.alterTable(table, (altered) => {
          for (const { name, length } of columns) altered.string(name, length).nullable();
        }),
      ),
    dropColumns: (table, columns) => texts(knex.schema.alterTable(table, (altered) => altered.dropColumns(...columns))),
    dropTable: (name) => texts(knex.schema.dropTable(name)),
    dropView: (name) => texts(knex.schema.dropView(name)),
  };
}

/** Part of knex's client that its types leave open (lib/client.js, knex 3.3.0). */
interface KnexClient {
  wrapIdentifier(identifier: string, context: object): string;
}

/** knex gives a list, or one statement where there is only one. None of these has bindings. */
function texts(built: Knex.SchemaBuilder): readonly string[] {
  return [built.toSQL() as unknown as { readonly sql: string }].flat().map(({ sql }) => sql);
}

function columnType({ type, charset, collation }: ColumnInfo, quote: Dialect['quote']): string {
  const characters = charset === null ? '' : ` CHARACTER SET ${charset}`;
  return `${type}${characters}${collation === null ? '' : ` COLLATE ${quote(collation)}`}`;
}
