import { closeSync, existsSync, openSync, realpathSync, rmSync } from 'node:fs';

import { dirname } from 'node:path';

import type { ConnectionSpec, MysqlSpec, PostgresSpec, SqliteSpec } from '../connection/spec.ts';
import { searchPathOption } from '../connection/search-path.ts';
import type { Database } from '../database.ts';
import { statementBuilder } from '../statements/schema.ts';
import { DDL_LIMITS } from '../transaction/deadlines.ts';
import { openDatabase } from './open.ts';

/** A schema of its own for a while: a database of MySQL, a schema of PostgreSQL, a file of SQLite. */
export interface ScratchPlace {
  /** How it is reached, whether or not it is there yet. */
  readonly spec: ConnectionSpec;
  /** `database glance_rehearsal`, `schema glance_rehearsal`, `file /tmp/rehearsal.db`. */
  readonly text: string;
  /** What a person types to be rid of it. */
  readonly dropText: string;
  /** What an administrator types so that this account may make it. */
  readonly grantText: string;
  isThere(): Promise<boolean>;
  /** Makes it. @throws the server's refusal, also where it is there. */
  make(): Promise<void>;
  /** Drops it with all that it holds. */
  drop(): Promise<void>;
}

/**
 * The scratch place of that name at an address.
 *
 * @param name plain identifier; for SQLite a path.
 */
export function scratchPlace(at: ConnectionSpec, name: string): ScratchPlace {
  switch (at.kind) {
    case 'mysql':
      return mysqlScratch(at, name);
    case 'postgres':
      return postgresScratch(at, name);
    case 'sqlite':
      return sqliteScratch({ kind: 'sqlite', path: name });
  }
}

/** Its statements are sent from information_schema, so that no other database is the current one. */
function mysqlScratch(at: MysqlSpec, name: string): ScratchPlace {
  const quoted = statementBuilder('mysql2').raw('??', [name]).toQuery();
  const server: MysqlSpec = { ...at, database: 'information_schema' };
  const exists = 'SELECT 1 AS one FROM SCHEMATA WHERE SCHEMA_NAME = ?';
  return {
    spec: { ...at, database: name },
    text: `database ${name}`,
    dropText: `DROP DATABASE ${quoted};`,
    grantText: `GRANT ALL ON ${quoted}.* TO '${at.user ?? 'USER'}'@'HOST';`,
    isThere: async () => on(server, async (admin) => (await admin.query(exists, [name])).length > 0),
    make: async () => on(server, async (admin) => void (await admin.execute(`CREATE DATABASE ${quoted}`))),
    drop: async () =>
      on(server, async (admin) => void (await admin.execute(`DROP DATABASE IF EXISTS ${quoted}`, [], DDL_LIMITS))),
  };
}

function quoteName(name: string): string {
  return statementBuilder('pg').raw('??', [name]).toQuery();
}

function postgresScratch(at: PostgresSpec, name: string): ScratchPlace {
  const quoted = quoteName(name);
  const spec: PostgresSpec = { ...at, options: searchPathOption(name) };
  const exists = 'SELECT 1 AS one FROM pg_catalog.pg_namespace WHERE nspname = ?';
  return {
    spec,
    text: `schema ${name} of database ${at.database}`,
    dropText: `DROP SCHEMA ${quoted} CASCADE;`,
    grantText: `GRANT CREATE ON DATABASE ${quoteName(at.database)} TO ${quoteName(at.user ?? 'USER')};`,
    // While it is missing, the search path names nothing, so that no other table can be meant.
    isThere: async () => on(spec, async (admin) => (await admin.query(exists, [name])).length > 0),
    make: async () => on(spec, async (admin) => void (await admin.execute(`CREATE SCHEMA ${quoted}`))),
    drop: async () =>
      on(spec, async (admin) => void (await admin.execute(`DROP SCHEMA IF EXISTS ${quoted} CASCADE`, [], DDL_LIMITS))),
  };
}

/** Files that SQLite keeps beside a database. */
const BESIDE = ['', '-journal', '-wal', '-shm'];

function sqliteScratch(spec: SqliteSpec): ScratchPlace {
  const { path } = spec;
  return {
    spec,
    text: `file ${path}`,
    dropText: `rm ${path}`,
    grantText: `chmod u+w ${dirname(path)}`,
    isThere: async () => Promise.resolve(existsSync(path)),
    make: async () => {
      // It will hold what the source holds: for nobody else's eyes.
      closeSync(openSync(path, 'wx', 0o600));
      await Promise.resolve();
    },
    drop: async () => {
      const file = existsSync(path) ? realpathSync(path) : path;
      for (const suffix of BESIDE) rmSync(`${file}${suffix}`, { force: true });
      await Promise.resolve();
    },
  };
}

async function on<T>(spec: ConnectionSpec, work: (admin: Database) => Promise<T>): Promise<T> {
  const admin = await openDatabase(spec, 'read-write');
  try {
    return await work(admin);
  } finally {
    await admin.close().catch(() => undefined);
  }
}
