import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { Client } from 'pg';
import { inject, onTestFinished } from 'vitest';
import type { ConnectionSpec } from '../../../src/db/connection/spec.ts';
import { parseDatabaseUrl } from '../../../src/db/connection/url.ts';
import type { AccessMode, Database } from '../../../src/db/database.ts';
import { openDatabase } from '../../../src/db/engines/open.ts';
import type { EngineName } from './engine-names.ts';

export { ENGINES, type EngineName } from './engine-names.ts';

/** An empty database of its own. */
export interface FreshDatabase {
  readonly engine: EngineName;
  readonly url: string;
  readonly spec: ConnectionSpec;
  readonly label: string;
  /** Another account's or mode's address of the same database. */
  readonly urlAs: (user: string, password: string) => string;
}

/** Creates an empty database; sqlite: a temporary file. It goes with the run. */
export async function withFreshDatabase(engine: EngineName): Promise<FreshDatabase> {
  const name = `t_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const url = engine === 'sqlite' ? sqliteFile(name) : await serverDatabase(engine, name);
  return {
    engine,
    url,
    spec: parseDatabaseUrl(url, 'test'),
    label: engine,
    urlAs: (user, password) => {
      const other = new URL(url);
      other.username = encodeURIComponent(user);
      other.password = encodeURIComponent(password);
      return other.href;
    },
  };
}

/** Registers work for the end of a test. One that runs beside others must pass the function of its own context. */
export type AtTestEnd = (work: () => void | Promise<void>) => void;

/** Opens a database and closes it when the test is over. Only inside a test. */
export async function openForTest(
  url: string,
  mode: AccessMode = 'read-write',
  atEnd: AtTestEnd = onTestFinished,
): Promise<Database> {
  const database = await openDatabase(parseDatabaseUrl(url, 'test'), mode);
  atEnd(() => database.close());
  return database;
}

/** Address of a server's maintenance database, as superuser. */
export function adminUrl(engine: 'mariadb' | 'postgres'): string {
  const url = engine === 'mariadb' ? inject('mariadbUrl') : inject('postgresUrl');
  if (url === null) throw new Error(`${engine} is excluded by GLANCE_RETYPE_TEST_ENGINES`);
  return url;
}

/** Runs statements as superuser, one connection, one after the other. */
export async function runAsAdmin(engine: 'mariadb' | 'postgres', statements: readonly string[]): Promise<void> {
  if (engine === 'postgres') {
    // A database cannot be created inside a transaction, and the product sends nothing outside one.
    const client = new Client({ connectionString: adminUrl(engine) });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
    return;
  }
  const admin = await openDatabase(parseDatabaseUrl(adminUrl(engine), 'test'), 'read-write');
  try {
    for (const statement of statements) await admin.execute(statement);
  } finally {
    await admin.close();
  }
}

async function serverDatabase(engine: 'mariadb' | 'postgres', name: string): Promise<string> {
  await runAsAdmin(engine, [`CREATE DATABASE ${name}`]);
  const url = new URL(adminUrl(engine));
  url.pathname = `/${name}`;
  return url.href;
}

function sqliteFile(name: string): string {
  const path = join(inject('temporaryDirectory'), `${name}.db`);
  // An empty file is an empty database; VACUUM writes its header.
  const file = new BetterSqlite3(path);
  file.exec('VACUUM');
  file.close();
  return `sqlite:///${path}`;
}
