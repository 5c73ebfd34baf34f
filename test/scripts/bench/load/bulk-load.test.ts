import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadMariadb } from '../../../../scripts/bench/load/mariadb.ts';
import { loadPostgres } from '../../../../scripts/bench/load/postgres.ts';
import { loadSqlite } from '../../../../scripts/bench/load/sqlite.ts';
import { loadCloud, type CloudOptions, type LoadedCloud } from '../../../../scripts/fixtures/cloud.ts';
import { IMAGE_COLUMNS, PROPERTY_COLUMNS } from '../../../../scripts/fixtures/cloud/row.ts';
import { runStatements } from '../../../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../../../scripts/fixtures/eras/eras.ts';
import type { Database } from '../../../../src/db/database.ts';
import { ENGINES, type EngineName, openForTest, withFreshDatabase } from '../../../support/servers/engines.ts';

// Every oddity is in it.
const CLOUD = { images: 12_000, seed: 5 };

describe.each(ENGINES)('loading a cloud in bulk into %s', (engine) => {
  it('stores the rows that inserting them stores, and makes the same schema', async () => {
    const inserted = await openForTest((await withFreshDatabase(engine)).url);
    await runStatements(inserted, newestSchema(inserted.dialect.name));
    const expected = await loadCloud(inserted, CLOUD);

    const { url } = await withFreshDatabase(engine);
    const loaded = await bulkLoad(engine, url, CLOUD);
    const bulk = await openForTest(url);

    expect(loaded).toEqual(expected);
    for (const [table, columns] of [
      ['images', IMAGE_COLUMNS],
      ['image_properties', [...PROPERTY_COLUMNS, 'id']],
    ] as const) {
      const statement = `SELECT ${columns.join(', ')} FROM ${table} ORDER BY id`;
      expect(await bulk.query(statement)).toEqual(await inserted.query(statement));
      expect(await indexNames(bulk, table)).toEqual(await indexNames(inserted, table));
      expect(await bulk.dialect.describeTable(bulk, table)).toEqual(
        await inserted.dialect.describeTable(inserted, table),
      );
    }
  });
});

async function bulkLoad(engine: EngineName, url: string, cloud: CloudOptions): Promise<LoadedCloud> {
  if (engine === 'sqlite') {
    const path = url.slice('sqlite:///'.length);
    rmSync(path);
    return loadSqlite(path, cloud);
  }
  const load = engine === 'mariadb' ? loadMariadb : loadPostgres;
  return load(await openForTest(url), url, cloud);
}

const INDEXES: Readonly<Record<Database['dialect']['name'], string>> = {
  mysql:
    'SELECT DISTINCT index_name AS name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ?',
  postgres: 'SELECT indexname AS name FROM pg_indexes WHERE tablename = ?',
  sqlite: 'SELECT name FROM pragma_index_list(?)',
};

async function indexNames(database: Database, table: string): Promise<readonly string[]> {
  const rows = await database.query(INDEXES[database.dialect.name], [table]);
  return rows.map((row) => String(row['name'])).toSorted();
}
