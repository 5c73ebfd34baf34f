import { describe, expect, it } from 'vitest';

import type { Database, Executor } from '../../../src/db/database.ts';
import { readPages } from '../../../src/glance/reader/reader.ts';
import { ShapedRecord } from '../../../src/glance/reader/shaped-row.ts';
import type { ImageEvidence } from '../../../src/model/image.ts';
import { ENGINES, openForTest, type EngineName } from '../../support/servers/engines.ts';
import { eraDatabase, look, pagesOf } from '../support/era-database.ts';

const CHILDREN = ['image_properties', 'image_members', 'image_tags', 'image_locations'];

describe.each(ENGINES)('a change between two readings of a page on %s', (engine) => {
  it('is in the page as the second one found it, and no row is left out or read twice', async () => {
    const { database, ids } = await withoutStatus(engine, 25);
    const [renamed = '', purged = '', repaired = ''] = [ids[21], ids[39], ids[25]];
    // The second page of twenty has a row that cannot be read by its shape, so it is read once more, column by column.
    const reading = await between(database, /concat_ws[^]*> \?/iu, async () => {
      await database.execute("UPDATE images SET status = 'queued' WHERE id = ?", [repaired]);
      await database.execute("UPDATE images SET name = 'renamed meanwhile' WHERE id = ?", [renamed]);
      // The last row of the page goes: the one behind it comes into its place.
      await purge(database, purged);
    });
    const pages = await collect(database, reading.executor);
    expect(reading.happened()).toBe(true);
    expect(pages.flat().map(({ image }) => image.id)).toEqual(ids.filter((id) => id !== purged));
    const second = pages[1] ?? [];
    expect([second.length, second.some(({ image }) => image instanceof ShapedRecord)]).toEqual([20, false]);
    const named = (id: string): ImageEvidence['image'] | undefined =>
      second.find(({ image }) => image.id === id)?.image;
    expect(named(repaired)?.status).toBe('queued');
    expect(named(renamed)?.name).toBe('renamed meanwhile');
  });

  it('leaves rows that were read before as they were read, with the properties that are there by then', async () => {
    const { database } = await eraDatabase(engine, 'newest');
    const [row] = await database.query(
      "SELECT image_id FROM image_properties WHERE name = 'kernel_id' AND image_id IN (SELECT id FROM images WHERE NOT deleted) ORDER BY image_id",
    );
    const purged = String(row?.['image_id']);
    const ids = await idsInOrder(database);
    const reading = await between(database, /FROM images i\b/u, () => purge(database, purged));
    const pages = await collect(database, reading.executor, 1_000);
    expect(reading.happened()).toBe(true);
    expect(pages.flat().map(({ image }) => image.id)).toEqual(ids);
    const found = pages.flat().find(({ image }) => image.id === purged);
    expect([found?.properties.size, found?.kernel]).toEqual([0, { kind: 'absent' }]);
  });
});

/** Lets something happen once behind the first question like that one. */
async function between(
  database: Database,
  question: RegExp,
  happens: () => Promise<unknown>,
): Promise<{ readonly executor: Executor; readonly happened: () => boolean }> {
  let happened = false;
  const executor: Executor = {
    execute: (sql, bindings) => database.execute(sql, bindings),
    query: async (sql, bindings) => {
      const rows = await database.query(sql, bindings);
      if (!happened && question.test(String(sql))) {
        happened = true;
        await happens();
      }
      return rows;
    },
  };
  return { executor, happened: () => happened };
}

async function collect(
  database: Database,
  executor: Executor,
  pageSize = 20,
): Promise<readonly (readonly ImageEvidence[])[]> {
  const { schema, references } = await look(database);
  const pages: (readonly ImageEvidence[])[] = [];
  const request = { ...pagesOf(pageSize), columns: 'decisive' as const };
  for await (const { evidence } of readPages(executor, schema, references, request)) pages.push([...evidence]);
  return pages;
}

/** The newest schema with a row, at that place of the scan, whose status is NULL. */
async function withoutStatus(
  engine: EngineName,
  place: number,
): Promise<{ readonly database: Database; readonly ids: readonly string[] }> {
  const { database, url } = await eraDatabase(engine, 'newest');
  const nullable: Record<EngineName, readonly string[]> = {
    mariadb: ['ALTER TABLE images MODIFY status VARCHAR(30) NULL'],
    postgres: ['ALTER TABLE images ALTER COLUMN status DROP NOT NULL'],
    sqlite: [
      'ALTER TABLE images RENAME COLUMN status TO old_status',
      'ALTER TABLE images ADD COLUMN status VARCHAR(30)',
      'UPDATE images SET status = old_status',
    ],
  };
  for (const sql of nullable[engine]) await database.execute(sql);
  const ids = await idsInOrder(database);
  await database.execute('UPDATE images SET status = NULL WHERE id = ?', [ids[place] ?? '']);
  return { database: await openForTest(url), ids };
}

async function idsInOrder(database: Database): Promise<readonly string[]> {
  const rows = await database.query(`SELECT id FROM images ORDER BY ${database.dialect.rowNumber ?? 'id'}`);
  return rows.map((row) => String(row['id']));
}

async function purge(database: Database, id: string): Promise<void> {
  for (const table of CHILDREN) await database.execute(`DELETE FROM ${table} WHERE image_id = ?`, [id]);
  await database.execute('DELETE FROM images WHERE id = ?', [id]);
}
