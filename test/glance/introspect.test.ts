import { describe, expect, it } from 'vitest';

import type { Database } from '../../src/db/database.ts';
import { introspectGlance } from '../../src/glance/introspect.ts';
import { RetypeError } from '../../src/model/error.ts';
import { createEra, runStatements } from '../../scripts/fixtures/eras/create-era.ts';
import { BEXAR, ERAS, newestSchema } from '../../scripts/fixtures/eras/eras.ts';
import { ENGINES, type EngineName, openForTest, withFreshDatabase } from '../support/servers/engines.ts';
import { eraDatabase } from './support/era-database.ts';

const LABELS: Readonly<Record<string, string>> = {
  cactus: 'Cactus',
  diablo: 'Diablo',
  'diablo-create-all': 'Diablo',
  essex: 'Essex',
  'essex-create-all': 'Essex',
  folsom: 'Folsom',
  grizzly: 'Grizzly or Havana',
  havana: 'Grizzly or Havana',
  icehouse: 'Icehouse',
  liberty: 'Kilo to Newton',
  mitaka: 'Kilo to Newton',
  'ocata-expanded': 'Ocata, expanded but not contracted',
  queens: 'Ocata to Queens',
  rocky: 'Rocky to 2023.2',
  newest: '2024.1 or later',
};

async function emptyDatabase(engine: EngineName): Promise<Database> {
  return openForTest((await withFreshDatabase(engine)).url);
}

async function refusal(database: Database): Promise<RetypeError> {
  const error: unknown = await introspectGlance(database).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof RetypeError) return error;
  throw new Error(error === null ? 'the database was accepted' : 'another kind of error', { cause: error });
}

describe.each(ENGINES)('introspectGlance on %s', (engine) => {
  it.each(ERAS.map((era) => era.name))('recognises %s by its columns', async (name) => {
    const { database, era } = await eraDatabase(engine, name);
    const schema = await introspectGlance(database);
    expect(schema.era).toBe(LABELS[name]);
    expect(schema.keyKind).toBe(era.keyKind);
    expect(schema.idColumn.name).toBe('id');
    expect(schema.propertyRange).toBe('same-order');
    expect(schema.optionalColumns.has('owner')).toBe(name !== 'cactus');
    expect(schema.idComparison).toBe(engine === 'mariadb' && era.keyKind === 'text' ? 'case-insensitive' : 'exact');
  });

  it('believes neither of two version tables', async () => {
    const { database } = await eraDatabase(engine, 'queens');
    await database.execute('CREATE TABLE migrate_version (repository_id VARCHAR(250), version INTEGER)');
    await database.execute("INSERT INTO migrate_version VALUES ('Glance Migrations', 6), ('Other', 1)");
    await database.execute("UPDATE alembic_version SET version_num = 'liberty'");
    const schema = await introspectGlance(database);
    expect(schema.era).toBe('Ocata to Queens');
  });

  it('understands a database whose index was dropped by a broken upgrade', async () => {
    const { database } = await eraDatabase(engine, 'newest');
    await database.execute(`DROP INDEX visibility_image_idx${engine === 'mariadb' ? ' ON images' : ''}`);
    expect((await introspectGlance(database)).era).toBe('2024.1 or later');
  });

  it('reports the triggers of Ocata and the tables without transactions', async () => {
    const ocata = await introspectGlance((await eraDatabase(engine, 'ocata-expanded')).database);
    const createAll = await introspectGlance((await eraDatabase(engine, 'diablo-create-all')).database);
    expect(ocata.remarks[0]).toContain('both is_public and visibility');
    if (engine === 'mariadb') {
      expect([...ocata.triggers].sort()).toEqual(['insert_visibility', 'update_visibility']);
      expect(createAll.nonTransactionalTables).toEqual([{ table: 'image_properties', engine: 'MyISAM' }]);
    } else {
      expect(ocata.triggers).toEqual([]);
      expect(createAll.nonTransactionalTables).toEqual([]);
    }
    expect(ocata.nonTransactionalTables).toEqual([]);
  });

  it('refuses an empty database, and one whose images are not those of Glance', async () => {
    const database = await emptyDatabase(engine);
    const empty = await refusal(database);
    expect([empty.code, empty.problems[0].found]).toEqual(['NOT_GLANCE', 'no tables at all']);
    await database.execute('CREATE TABLE posts (id INTEGER)');
    expect((await refusal(database)).problems[0].found).toBe('1 tables, none of them named images');
    await database.execute('CREATE TABLE images (id INTEGER, status VARCHAR(30), type VARCHAR(30))');
    expect((await refusal(database)).code).toBe('NOT_GLANCE');
  });

  it('refuses Bexar and says which Glance upgrades it', async () => {
    const database = await emptyDatabase(engine);
    await createEra(database, BEXAR);
    const error = await refusal(database);
    expect(error.code).toBe('GLANCE_TOO_OLD');
    expect(error.message).toContain('2011.2');
  });

  it.each([
    ['the table image_properties is gone', 'newest', ['DROP TABLE image_properties'], ['image_properties']],
    ['disk_format is gone', 'newest', ['ALTER TABLE images DROP COLUMN disk_format'], ['images.disk_format']],
    [
      'container_format is gone',
      'queens',
      ['ALTER TABLE images DROP COLUMN container_format'],
      ['images.container_format'],
    ],
    ['type is still there', 'cactus', ['ALTER TABLE images ADD COLUMN type VARCHAR(30)'], ['images.type']],
    [
      'name is still key',
      'cactus',
      ['ALTER TABLE image_properties RENAME COLUMN name TO prop_key'],
      ['image_properties.name'],
    ],
    [
      'min_ram is missing',
      'diablo',
      ['ALTER TABLE images DROP COLUMN min_ram'],
      ['images.min_disk and images.min_ram'],
    ],
    [
      'neither is_public nor visibility',
      'newest',
      ['DROP INDEX visibility', 'ALTER TABLE images DROP COLUMN visibility'],
      ['images.is_public or images.visibility'],
    ],
    [
      'several at once',
      'newest',
      ['ALTER TABLE images DROP COLUMN disk_format', 'ALTER TABLE image_properties DROP COLUMN value'],
      ['images.disk_format', 'image_properties.value'],
    ],
  ])('refuses a half-migrated database: %s', async (_, era, statements, places) => {
    const { database } = await eraDatabase(engine, era);
    const spelled = statements.map((sql) =>
      sql === 'DROP INDEX visibility'
        ? `DROP INDEX visibility_image_idx${engine === 'mariadb' ? ' ON images' : ''}`
        : sql,
    );
    await runStatements(database, spelled);
    const error = await refusal(database);
    expect(error.code).toBe('GLANCE_HALF_MIGRATED');
    expect(error.problems.map((problem) => problem.place)).toEqual(places);
    expect(error.message).toContain('glance-manage db sync');
  });

  it('refuses the middle of migration 012: integer images, text image_id', async () => {
    const database = await emptyDatabase(engine);
    await runStatements(
      database,
      newestSchema(engine === 'mariadb' ? 'mysql' : engine).filter(
        (sql) => !/image_(?:properties|members|tags|locations)/u.test(sql),
      ),
    );
    await database.execute(
      'CREATE TABLE image_properties (id INTEGER, image_id INTEGER, name VARCHAR(255), value VARCHAR(255), created_at VARCHAR(20), deleted_at VARCHAR(20), deleted INTEGER)',
    );
    const error = await refusal(database);
    expect(error.problems.map((problem) => problem.place)).toEqual(['image_properties.image_id']);
    expect(error.message).toContain('migration 012');
  });
});
