import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';

import type { SqliteConnection } from '../../../sqlite/driver.ts';
import type { Executor, Observer, SqlValue } from '../../database.ts';
import type { Dialect, ErrorClass } from '../../dialect.ts';
import type { NeighbourReading } from '../../pressure.ts';
import { type BulkRows, bulkInserts, updateFrom } from '../../statements/bulk-insert.ts';
import { MISSING, SEPARATOR } from '../../statements/pack.ts';
import { nativeExecutor } from '../../transaction/transaction-executor.ts';
import { driverError } from '../../driver-error.ts';
import { schemaStatements, statementBuilder } from '../../statements/schema.ts';
import { sqliteCopying } from './copying.ts';
import { describeSqliteTable, listSqliteTables, listSqliteViews, sqliteReactionsToUpdate } from './introspect.ts';

export const SQLITE_BUILDER = statementBuilder('better-sqlite3');

const SCHEMA = schemaStatements(SQLITE_BUILDER);

/** A function of our own connections: SQLite has no digest. */
export const DIGEST_FUNCTION = 'retype_digest';

/** A function of our own connections: a number that no other connection of this process has. */
export const CONNECTION_FUNCTION = 'retype_connection';

/** @param path the file, for the question whether it can be written. */
export function sqliteDialect(version: string, path: string): Dialect {
  return {
    name: 'sqlite',
    serverVersion: `SQLite ${version}`,
    galera: false,
    transactionalDdl: true,
    mostLanes: 1,
    // Every commit writes whole pages of the file, so small batches are slow; but nobody else can write during a batch.
    batches: { start: 2_000, most: 10_000 },
    pressure: PRESSURE,
    // A writing transaction holds the whole file.
    rowLocks: 'everywhere',
    rowNumber: 'rowid',
    rowNumbering,

    ...SCHEMA,
    createTable: (name, define) => SCHEMA.createTable(name, define).map(inOneTree),
    // SQLite 3.35 drops a column itself; knex still copies the whole table, triggers lost
    // (lib/dialects/sqlite3/schema/ddl.js).
    dropColumns: (table, columns) =>
      columns.map((name) => `ALTER TABLE ${SCHEMA.quote(table)} DROP COLUMN ${SCHEMA.quote(name)}`),
    // BINARY, because columns may be declared NOCASE or RTRIM.
    sameBytes: (left, right) => `((${left}) COLLATE BINARY IS (${right}))`,
    exactText: (expression) => `((${expression}) COLLATE BINARY)`,
    nowMs: "CAST(round(unixepoch('subsec') * 1000) AS INTEGER)",
    characters: (expression) => `length(${expression})`,
    isOfType: (column, type) => `typeof(${column}) IN ('${type}', 'null')`,
    asText: (expression) => `CAST(${expression} AS TEXT)`,
    returnsInserted: true,
    changeMark,
    digest: (texts) => `${DIGEST_FUNCTION}(concat_ws(',', ${texts.join(', ')}))`,
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
    copying: sqliteCopying(SCHEMA.quote),
    readNeighbours,
    readFlowControl: null,
    readRunning: null,
    classify: classifySqliteError,
  };
}

/**
 * Others ask for the file again after 1, 2, 5, 10, 15, 20 and then 25 milliseconds (sqliteDefaultBusyCallback in
 * SQLite's main.c). A pause that is a little longer than the batch before it contains such a moment.
 */
const PRESSURE: Dialect['pressure'] = {
  alone: { milliseconds: 100, least: 2_000, lanes: 1, rest: 0 },
  beside: { milliseconds: 25, least: 500, lanes: 1, rest: 1.2 },
};

/** A process that waits for the file cannot be seen. One that wrote to it waits whenever it meets a batch. */
const WAIT_OF_A_WRITER_MS = 1_000;

/** By data_version, which changes when another connection has committed (sqlite.org/pragma.html#pragma_data_version). */
async function readNeighbours(observer: Observer): Promise<NeighbourReading> {
  const [row] = await observer.query('PRAGMA data_version');
  return { atWork: 0, waited: Number(row?.['data_version']) * WAIT_OF_A_WRITER_MS };
}

/**
 * VACUUM may number the rows of a table without an INTEGER PRIMARY KEY anew, and it raises the schema version
 * (sqlite.org/lang_vacuum.html).
 */
async function rowNumbering(executor: Executor): Promise<string> {
  const [row] = await executor.query('SELECT schema_version FROM pragma_schema_version');
  return String(row?.['schema_version']);
}

/**
 * Keeps the rows of a table in the b-tree of its primary key. SQLite would number them in one tree and keep the key in
 * a second. Tables with long texts stay as they are: rows should be shorter than a twentieth of a page
 * (sqlite.org/withoutrowid.html), or hardly any fits into the upper levels of the tree.
 */
function inOneTree(create: string): string {
  return / text\b/.test(create) ? create : `${create} WITHOUT ROWID`;
}

/**
 * data_version changes when another connection has committed. Its values mean something only to one connection
 * (sqlite.org/pragma.html#pragma_data_version), so one that was opened anew has another mark.
 */
async function changeMark(executor: Executor): Promise<string> {
  const [row] = await executor.query(
    `SELECT ${CONNECTION_FUNCTION}() || ' ' || data_version AS mark FROM pragma_data_version`,
  );
  return String(row?.['mark']);
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
    const statement = (native as SqliteConnection).prepare(sql);
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
