import { copyFileSync, rmSync } from 'node:fs';
import { parseDatabaseUrl } from '../../../src/db/connection/url.ts';
import { runStatements } from '../../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../../scripts/fixtures/eras/eras.ts';
import type { AccessMode, Database } from '../../../src/db/database.ts';
import { openDatabase } from '../../../src/db/engines/open.ts';
import { type EngineName, runAsAdmin, withFreshDatabase } from './engines.ts';

/** A database of its own with what another one holds, schema and rows. Nobody may be connected to the other one. @returns its address. */
export async function copyOf(engine: EngineName, url: string): Promise<string> {
  const { url: copy } = await withFreshDatabase(engine);
  switch (engine) {
    case 'sqlite':
      copyFileSync(fileOf(url), fileOf(copy));
      break;
    case 'postgres':
      await runAsAdmin(engine, [
        `DROP DATABASE ${nameOf(copy)}`,
        `CREATE DATABASE ${nameOf(copy)} TEMPLATE ${nameOf(url)}`,
      ]);
      break;
    case 'mariadb':
      await copyMariadb(url, copy);
      break;
  }
  return copy;
}

/** The newest schema of Glance without a row. @returns its address. */
export async function emptyGlance(engine: EngineName): Promise<string> {
  const { url } = await withFreshDatabase(engine);
  const database = await openDatabase(parseDatabaseUrl(url, 'test'), 'read-write');
  await runStatements(database, newestSchema(database.dialect.name));
  await database.close();
  return url;
}

/**
 * Lets `work` use a copy of a database, and closes and drops it however the work ends.
 *
 * @param work opens the copy as often as it needs to.
 */
export async function withCopy(
  engine: EngineName,
  url: string,
  work: (opened: (mode: AccessMode) => Promise<Database>) => Promise<void>,
): Promise<void> {
  const copy = await copyOf(engine, url);
  const open: Database[] = [];
  try {
    await work(async (mode) => {
      const database = await openDatabase(parseDatabaseUrl(copy, 'test'), mode);
      open.push(database);
      return database;
    });
  } finally {
    for (const database of open) await database.close();
    await dropCopy(engine, copy);
  }
}

/** A server keeps megabytes for every database, and thousands of copies are made. */
export async function dropCopy(engine: EngineName, url: string): Promise<void> {
  if (engine === 'sqlite') rmSync(fileOf(url));
  else await runAsAdmin(engine, [`DROP DATABASE ${nameOf(url)}${engine === 'postgres' ? ' WITH (FORCE)' : ''}`]);
}

async function copyMariadb(from: string, to: string): Promise<void> {
  const source = nameOf(from);
  const database = await openDatabase(parseDatabaseUrl(to, 'test'), 'read-write');
  try {
    const statements = await creation(database, source);
    await database.transaction(async (trx) => {
      // Tables come in the order of their names, not of their foreign keys.
      await trx.execute('SET SESSION foreign_key_checks = 0');
      for (const statement of statements) await trx.execute(statement);
      await trx.execute('SET SESSION foreign_key_checks = 1');
    });
  } finally {
    await database.close();
  }
}

async function creation(database: Database, source: string): Promise<readonly string[]> {
  const tables: string[] = [];
  const views: string[] = [];
  const found = await database.query(
    'SELECT table_name AS name, table_type AS type FROM information_schema.tables WHERE table_schema = ? ORDER BY 1',
    [source],
  );
  for (const { name, type } of found) {
    const [row] = await database.query(`SHOW CREATE TABLE ${source}.${String(name)}`);
    if (type === 'VIEW') views.push(String(row?.['Create View']).replaceAll(`\`${source}\`.`, ''));
    else
      tables.push(String(row?.['Create Table']), `INSERT INTO ${String(name)} SELECT * FROM ${source}.${String(name)}`);
  }
  return [...tables, ...views];
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

function fileOf(url: string): string {
  return url.replace('sqlite:///', '');
}
