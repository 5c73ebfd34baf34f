import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';

import type BetterSqlite3 from 'better-sqlite3';

import type { Executor, SqlValue } from '../../database.ts';
import type { Dialect, ErrorClass } from '../../dialect.ts';
import { type BulkRows, bulkInserts, updateFrom } from '../../statements/bulk-insert.ts';
import { MISSING, SEPARATOR } from '../../statements/pack.ts';
import { nativeExecutor } from '../../transaction/transaction-executor.ts';
import { driverError } from '../../driver-error.ts';
import { schemaStatements, statementBuilder } from '../../statements/schema.ts';
import { describeSqliteTable, listSqliteTables, listSqliteViews, sqliteReactionsToUpdate } from './introspect.ts';

export const SQLITE_BUILDER = statementBuilder('better-sqlite3');

const SCHEMA = schemaStatements(SQLITE_BUILDER);

/** @param path the file, for the question whether it can be written. */
export function sqliteDialect(version: string, path: string): Dialect {
  return {
    name: 'sqlite',
    serverVersion: `SQLite ${version}`,
    galera: false,
    transactionalDdl: true,
    lanes: { useful: 1, most: 1 },
    // Every commit writes whole pages of the file, so small batches are slow; but nobody else can write during a batch.
    batches: { start: 2_000, least: 100, most: 20_000, target: 100 },
    // A writing transaction holds the whole file.
    rowLocks: 'everywhere',
    rowNumber: 'rowid',
    rowNumbering,

    ...SCHEMA,
    // SQLite 3.35 drops a column itself; knex still copies the whole table, triggers lost
    // (lib/dialects/sqlite3/schema/ddl.js).
    dropColumns: (table, columns) =>
      columns.map((name) => `ALTER TABLE ${SCHEMA.quote(table)} DROP COLUMN ${SCHEMA.quote(name)}`),
    // BINARY, because columns may be declared NOCASE or RTRIM.
    sameBytes: (left, right) => `((${left}) COLLATE BINARY IS (${right}))`,
    nowMs: "CAST(round(unixepoch('subsec') * 1000) AS INTEGER)",
    characters: (expression) => `length(${expression})`,
    isOfType: (column, type) => `typeof(${column}) IN ('${type}', 'null')`,
    asText: (expression) => `CAST(${expression} AS TEXT)`,
    blocks: null,
    pack: (column) => ({
      texts: `GROUP_CONCAT(COALESCE(${column}, '${MISSING}'), '${SEPARATOR}')`,
      present: `SUM(typeof(${column}) IN ('text', 'integer'))`,
    }),

    ...bulkInserts(async (executor, rows) => insertSqliteRows(SCHEMA.quote, executor, rows)),
    updateJoined: async (executor, update) => updateFrom(SCHEMA.quote, executor, update),

    listTables: listSqliteTables,
    listViews: listSqliteViews,
    describeTable: describeSqliteTable,
    reactionsToUpdate: sqliteReactionsToUpdate,
    rebuild: null,
    waitingOneSecond: (statements) => statements,
    tableBytes: async () => Promise.resolve(0),

    dataDirectory: async () => Promise.resolve(dirname(path)),
    readOnlyReason: async () => Promise.resolve(readOnlyReason(path)),
    missingPrivileges: async () => Promise.resolve([]),
    endSessions: async () => Promise.resolve(0),
    classify: classifySqliteError,
  };
}

/**
 * VACUUM may number the rows of a table without an INTEGER PRIMARY KEY anew, and it raises the schema version
 * (sqlite.org/lang_vacuum.html).
 */
async function rowNumbering(executor: Executor): Promise<string> {
  const [row] = await executor.query('SELECT schema_version FROM pragma_schema_version');
  return String(row?.['schema_version']);
}

/** A writer needs the file, and its directory for the journal. */
function readOnlyReason(path: string): string | null {
  if (!isWritable(path)) return 'the file may not be written by this user';
  return isWritable(dirname(path)) ? null : "the file's directory, where SQLite keeps its journal, may not be written";
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * What an error of better-sqlite3 means. Extended codes begin with the name of the primary one
 * (sqlite.org/rescode.html).
 */
export function classifySqliteError(error: unknown): ErrorClass {
  const { code, message } = driverError(error);
  if (code === null) return /database connection is not open/.test(message) ? 'connection-lost' : 'fatal';
  if (/^SQLITE_(?:BUSY|LOCKED)/.test(code)) return 'conflict';
  if (code.startsWith('SQLITE_READONLY')) return 'read-only';
  if (code === 'SQLITE_FULL') return 'disk-full';
  if (code.startsWith('SQLITE_CANTOPEN')) return 'unreachable';
  if (/^SQLITE_(?:PERM|AUTH)/.test(code)) return 'permission-denied';
  // NOTADB and CORRUPT: a file is there, but no database in it.
  return /^SQLITE_(?:NOTADB|CORRUPT)/.test(code) ? 'no-such-database' : 'fatal';
}

/**
 * One prepared statement, run once for each row: there is no round trip to save.
 *
 * @returns rows inserted.
 */
async function insertSqliteRows(
  quote: Dialect['quote'],
  executor: Executor,
  { table, columns, rows, duplicates }: BulkRows,
): Promise<number> {
  const marks = columns.map(() => '?').join(',');
  const tail = duplicates === 'fail' ? '' : ' ON CONFLICT DO NOTHING';
  const sql = `INSERT INTO ${quote(table)} (${columns.map(quote).join(',')}) VALUES (${marks})${tail}`;
  return nativeExecutor(executor).native(async (native) => {
    const statement = (native as BetterSqlite3.Database).prepare(sql);
    let inserted = 0;
    for (const row of rows) inserted += statement.run(row.map(exactInteger)).changes;
    return Promise.resolve(inserted);
  });
}

/**
 * better-sqlite3 binds every number as REAL. Only a column's affinity turns it back, and a text column would keep
 * `1.0`.
 */
export function exactInteger(value: SqlValue): SqlValue {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}
