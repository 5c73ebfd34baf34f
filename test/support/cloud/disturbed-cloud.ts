import { expect } from 'vitest';

import { loadCloud } from '../../../scripts/fixtures/cloud.ts';
import { runStatements } from '../../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../../scripts/fixtures/eras/eras.ts';
import type { Database, DriverRow } from '../../../src/db/database.ts';
import { type AtTestEnd, openForTest, withFreshDatabase, type EngineName } from '../servers/engines.ts';
import { columnNames, schemaText } from './migration.ts';
import { runCli } from '../program/run-cli.ts';

/** Columns that a `GlanceWriter` changes; nobody has any business with the others. */
const GLANCES_OWN = new Set(['disk_format', 'status', 'deleted', 'deleted_at']);

/** A cloud that somebody else writes to, as it was before anything happened. */
export interface DisturbedCloud {
  readonly url: string;
  readonly database: Database;
  /** Of all images at first. */
  readonly ids: readonly string[];
  /** Names of the columns of `images` before expand. */
  readonly columns: readonly string[];
  readonly schema: string;
  /** What nobody may change, of the images there were at first. */
  readonly untouched: readonly DriverRow[];
}

/** An expanded database of a small cloud. */
export async function disturbedCloud(engine: EngineName, images: number, atEnd?: AtTestEnd): Promise<DisturbedCloud> {
  return cloudIn((await withFreshDatabase(engine)).url, images, atEnd);
}

/** The same in an empty database that is there already. */
export async function cloudIn(url: string, images: number, atEnd?: AtTestEnd): Promise<DisturbedCloud> {
  const database = await openForTest(url, 'read-write', atEnd);
  await runStatements(database, newestSchema(database.dialect.name));
  await loadCloud(database, { images, seed: 5 });
  const columns = await columnNames(database, 'images');
  const schema = await schemaText(database);
  const rows = await database.query('SELECT id FROM images ORDER BY id');
  const before = { url, database, ids: rows.map((row) => String(row['id'])), columns, schema };
  expect((await runCli(['expand', '--database-url', url, '--yes'])).code).toBe(0);
  return { ...before, untouched: await untouchedRows(before) };
}

/**
 * What must hold of a cloud once nobody writes any more, whatever happened before: migrate comes to an end, verify finds nothing, the results
 * are those of a run that nobody disturbed, and rollback leaves Glance's rows as they are, byte for byte, and nothing else.
 *
 * @param where said with everything that does not hold.
 */
export async function expectSoundEnd(cloud: DisturbedCloud, where: string): Promise<void> {
  const { url, database, columns, schema } = cloud;
  const at = ['--database-url', url];
  await migrateUntilNothingIsLeft(url, where);
  const verified = await runCli(['verify', ...at]);
  expect([where, verified.code, verified.stdout]).toEqual([where, 0, expect.anything()]);
  expect([where, await database.query(ENTRIES_OTHER_THAN_ONE)]).toEqual([where, []]);
  expect([where, await database.query(ENTRIES_WITHOUT_BATCH)]).toEqual([where, []]);
  expect([where, await untouchedRows(cloud)]).toEqual([where, cloud.untouched]);

  const results = await resultsOf(database);
  const rows = await database.query(`SELECT ${columns.join(', ')} FROM images ORDER BY id`);
  const undone = await runCli(['rollback', ...at, '--yes']);
  expect([where, undone.code, undone.stdout]).toEqual([where, 0, expect.stringContaining('as it was before expand')]);
  expect([where, await database.query('SELECT * FROM images ORDER BY id')]).toEqual([where, rows]);
  expect([where, await schemaText(database)]).toEqual([where, schema]);

  for (const command of ['expand', 'migrate']) {
    expect([where, (await runCli([command, ...at, '--yes'])).code]).toEqual([where, 0]);
  }
  expect([where, await resultsOf(database)]).toEqual([where, results]);
}

/** More often than is ever needed: a run that goes on where one was stopped, one that reads everything anew, one that finds nothing. */
const MOST_RUNS = 5;

async function migrateUntilNothingIsLeft(url: string, where: string): Promise<void> {
  const written: number[] = [];
  while (written.at(-1) !== 0 && written.length < MOST_RUNS) {
    const { code, stdout, stderr } = await runCli(['migrate', '--database-url', url, '--yes']);
    expect([where, code, stderr]).toEqual([where, 0, expect.not.stringContaining('INTERNAL')]);
    written.push(writtenRows(stdout));
  }
  expect([where, written]).toEqual([where, [...written.slice(0, -1), 0]]);
}

/** Journal rows that a migrate says it wrote. */
function writtenRows(stdout: string): number {
  const found = /Journal rows +([\d,]+) written by this command/u.exec(stdout)?.[1];
  if (found === undefined) throw new Error(`migrate does not say what it wrote: ${stdout}`);
  return Number(found.replaceAll(',', ''));
}

const ENTRIES_OTHER_THAN_ONE = `SELECT i.id, COUNT(r.image_id) AS entries FROM images i LEFT JOIN retype_images r ON r.image_id = i.id
  WHERE NOT i.deleted GROUP BY i.id HAVING COUNT(r.image_id) <> 1`;

const ENTRIES_WITHOUT_BATCH = `SELECT r.image_id FROM retype_journal r
  WHERE NOT EXISTS (SELECT 1 FROM retype_batches b WHERE b.run_id = r.run_id AND b.batch = r.batch)`;

async function untouchedRows({
  database,
  ids,
  columns,
}: Pick<DisturbedCloud, 'database' | 'ids' | 'columns'>): Promise<readonly DriverRow[]> {
  const kept = columns.filter((column) => !GLANCES_OWN.has(column));
  const first = new Set(ids);
  const rows = await database.query(`SELECT ${kept.join(', ')} FROM images ORDER BY id`);
  return rows.filter((row) => first.has(String(row['id'])));
}

/** Results and journal of live images: what must not depend on when they were decided on. */
async function resultsOf(database: Database): Promise<unknown> {
  return database.query(
    `SELECT i.id, i.image_type, i.container_type, i.envelope, r.status, r.rule, r.decision_key, r.legacy_disk_format, r.glance_status
     FROM images i JOIN retype_images r ON r.image_id = i.id WHERE NOT i.deleted ORDER BY i.id`,
  );
}
