import BetterSqlite3 from 'better-sqlite3';
import { onTestFinished } from 'vitest';

import type { Database, DriverRow, Executor, SqlValue } from '../../src/db/database.ts';
import { SQLITE_BUILDER, sqliteDialect, exactInteger } from '../../src/db/engines/sqlite/dialect.ts';
import type { SqlStatement } from '../../src/db/executor.ts';
import { journalTables } from '../../src/journal/tables.ts';

/** What journal's functions need of a database. */
export type MemoryDatabase = Pick<Database, 'dialect' | 'query' | 'execute' | 'transaction'>;

/** An empty SQLite database in memory, gone with the test: no file, no server, no transactions of its own. */
export function memoryDatabase(): MemoryDatabase {
  const file = new BetterSqlite3(':memory:');
  file.defaultSafeIntegers(true);
  onTestFinished(() => void file.close());
  const prepared = (statement: SqlStatement, bindings: readonly SqlValue[]) => {
    const built = typeof statement === 'string' ? { sql: statement, bindings } : statement(SQLITE_BUILDER).toSQL();
    return {
      statement: file.prepare(built.sql),
      values: built.bindings.map((value) => exactInteger(value as SqlValue)),
    };
  };
  const executor: Executor & { native<T>(work: (connection: object) => Promise<T>): Promise<T> } = {
    query: async (sql, bindings = []) => {
      const { statement, values } = prepared(sql, bindings);
      return Promise.resolve(statement.all(...values) as readonly DriverRow[]);
    },
    execute: async (sql, bindings = []) => {
      const { statement, values } = prepared(sql, bindings);
      return Promise.resolve(statement.run(...values).changes);
    },
    native: async (work) => work(file),
  };
  return {
    ...executor,
    dialect: sqliteDialect('3.53.0', '/nowhere/glance.db'),
    transaction: async (work) => work(executor),
  };
}

/** The same with the tool's own tables, for images whose ids are texts. */
export async function memoryJournal(): Promise<MemoryDatabase> {
  const database = memoryDatabase();
  const idColumn = { name: 'id', type: 'varchar(36)', nullable: false, charset: null, collation: null };
  for (const { name, define } of journalTables(database.dialect, { idColumn, scan: { kind: 'key' } }))
    for (const statement of database.dialect.createTable(name, define)) await database.execute(statement);
  return database;
}

/** All rows of some pages. */
export async function allOf<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const rows: T[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}
