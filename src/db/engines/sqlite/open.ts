import { statSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import createKnex, { type Knex } from 'knex';
import { RetypeError } from '../../../model/error.ts';
import { requireSqlite, type SqliteConnection } from '../../../sqlite/driver.ts';
import type { SqliteSpec } from '../../connection/spec.ts';
import { type AccessMode, type Database, type DriverRow, createUsageMeter } from '../../database.ts';
import { KnexDatabase } from '../../transaction/knex-database.ts';
import { openFailure, requireVersion } from '../../connection/open-failure.ts';
import { TEXT_DIGEST_FUNCTION, textDigest } from './copying.ts';
import { QUIET } from '../../transaction/pool-settings.ts';
import type { DriverValues, EngineDriver, NativeConnection } from '../../transaction/connection-pool.ts';
import { createConnectionPool } from '../../transaction/connection-pool.ts';
import {
  SQLITE_BUILDER,
  sqliteDialect,
  classifySqliteError,
  CONNECTION_FUNCTION,
  DIGEST_FUNCTION,
  exactInteger,
} from './dialect.ts';

/** How long SQLite waits for another process's lock, milliseconds. It blocks this process meanwhile. */
const BUSY_TIMEOUT_MS = 5000;

/** A writer needs room for a batch and the upper levels of indexes; a reader goes through the file once. */
const CACHE_KIB: Readonly<Record<AccessMode, number>> = { 'read-write': 16_384, 'read-only': 4_096 };

const LEAST = [3, 35] as const;

/**
 * Opens an existing file with one writing connection, and a read-only one for reads outside transactions. Two writing
 * transactions of one process would block each other inside one thread forever; with a single writing connection the
 * second waits in the pool.
 *
 * @throws RetypeError as `openDatabase` says.
 */
export async function openSqlite(
  spec: SqliteSpec,
  mode: AccessMode,
  onWait: (reason: string) => void,
): Promise<Database> {
  requireSqlite(spec.path);
  requireFile(spec.path);
  try {
    const version = probe(spec.path, mode);
    requireVersion('SQLite', version, LEAST, spec.path);
    const driver = sqliteDriver();
    const reader = createConnectionPool(createPool(spec.path, 'read-only'), driver);
    const writer = mode === 'read-only' ? reader : createConnectionPool(createPool(spec.path, 'read-write'), driver);
    return new KnexDatabase({
      dialect: sqliteDialect(version, spec.path),
      mode,
      label: () => spec.path,
      driver,
      writer,
      reader,
      mend: (error) => recover(spec.path, error),
      sessions: () => [],
      onWait,
    });
  } catch (error) {
    await Promise.resolve();
    throw openFailure(error, classifySqliteError(error), spec.path, null);
  }
}

function requireFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() === true) return;
  throw new RetypeError('DATABASE_NOT_FOUND', {
    place: path,
    expected: 'an existing SQLite file',
    found: found === undefined ? 'nothing of that name' : 'something that is no file',
    advice: 'check the path: sqlite:///PATH is relative to the working directory, sqlite:////PATH is absolute',
  });
}

/** Reads the header and the schema, so that a file that is no database fails now and not in the middle of a command. */
function probe(path: string, mode: AccessMode): string {
  try {
    return readVersion(connect(path, mode));
  } catch (error) {
    if (mode === 'read-write' || !recover(path, error)) throw error;
    return readVersion(connect(path, mode));
  }
}

/**
 * Rolls back the journal of a process that was killed while it wrote. Only a connection that may write can do so; a
 * database server does the same when it starts.
 *
 * @returns false where the error has another reason.
 */
function recover(path: string, error: unknown): boolean {
  const { code } = error as { code?: unknown };
  if (code !== 'SQLITE_READONLY_ROLLBACK' && code !== 'SQLITE_READONLY_RECOVERY') return false;
  readVersion(connect(path, 'read-write'));
  return true;
}

function readVersion(connection: SqliteConnection): string {
  try {
    connection.prepare('SELECT count(*) FROM sqlite_master').get();
    return String(connection.prepare('SELECT sqlite_version()').pluck().get());
  } finally {
    connection.close();
  }
}

/** Connections opened by this process. */
let connections = 0;

function connect(path: string, mode: AccessMode): SqliteConnection {
  const sqlite = requireSqlite(path);
  const connection = new sqlite(path, {
    fileMustExist: true,
    readonly: mode === 'read-only',
    timeout: BUSY_TIMEOUT_MS,
  });
  connection.defaultSafeIntegers(true);
  connection.function(DIGEST_FUNCTION, { deterministic: true }, (text: unknown) =>
    typeof text === 'string' ? crc32(text) : null,
  );
  connection.function(TEXT_DIGEST_FUNCTION, { deterministic: true }, textDigest);
  connections += 1;
  const number = connections;
  connection.function(CONNECTION_FUNCTION, () => number);
  // Writing a large transaction's pages early takes the exclusive lock long before COMMIT, and our own reader would
  // wait for it inside the one thread that could end the transaction.
  connection.pragma('cache_spill = OFF');
  // The default of 2 MB drops a page before the next row of the same page is read.
  connection.pragma(`cache_size = -${CACHE_KIB[mode]}`);
  return connection;
}

function createPool(path: string, mode: AccessMode): Knex {
  const pool = createKnex({
    ...QUIET,
    client: 'better-sqlite3',
    connection: { filename: path },
    pool: { min: 0, max: 1, idleTimeoutMillis: 2 ** 31 - 1 },
  });
  // knex itself (lib/dialects/better-sqlite3) passes neither fileMustExist nor a busy timeout.
  (pool.client as { acquireRawConnection: () => Promise<NativeConnection> }).acquireRawConnection = async () =>
    Promise.resolve(connect(path, mode));
  return pool;
}

const VALUES: DriverValues = {
  bind: exactInteger,
  rows: (result) => (Array.isArray(result) ? (result as readonly DriverRow[]) : []),
  matched: (result) =>
    Array.isArray(result) ? result.length : ((result as { readonly changes?: number }).changes ?? 0),
};

function sqliteDriver(): EngineDriver {
  return {
    builder: SQLITE_BUILDER,
    values: VALUES,
    usage: createUsageMeter(),
    // A DEFERRED transaction that turns from reading to writing fails at once where another process writes.
    begin: { 'read-only': 'BEGIN', 'read-write': 'BEGIN IMMEDIATE' },
    readable: null,
    // An open reading transaction would block a writing one, which waits for it in the same thread.
    addressed: (sql) => sql,
    alone: ['read-only', 'read-write'],
    socketOf: () => null,
    discard: (connection) => {
      (connection as SqliteConnection).close();
    },
    classify: classifySqliteError,
    isFull: () => false,
  };
}
