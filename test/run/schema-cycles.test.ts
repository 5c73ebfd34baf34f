import { describe, expect, it } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import type { Database } from '../../src/db/database.ts';
import { ENGINES, openForTest, withFreshDatabase } from '../support/servers/engines.ts';
import { COLUMNS, openBench, runExpand, runRollback, schemaText } from '../support/cloud/migration.ts';

const NAMES = ['image_type', 'container_type', 'envelope'];

/** As versions before this one did it: InnoDB takes columns out of the rows to come, and keeps counting them. */
async function instantCycles(database: Database, cycles: number): Promise<void> {
  const columns = NAMES.map((name) => ({ name, length: 16 }));
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    for (const statement of database.dialect.addColumns('images', columns)) await database.execute(statement);
    for (const statement of database.dialect.dropColumns('images', NAMES)) await database.execute(statement);
  }
}

async function glance(engine: (typeof ENGINES)[number]) {
  const fresh = await withFreshDatabase(engine);
  await createEra(await openForTest(fresh.url), eraNamed('newest'));
  return openBench(fresh.url);
}

describe.each(ENGINES)('expand and rollback over and over on %s', (engine) => {
  it('leave a table that takes further columns, the schema as it was, and every row', async () => {
    const bench = await glance(engine);
    const before = await schemaText(bench.writer);
    const rows = await bench.writer.query('SELECT * FROM images ORDER BY id');
    for (let cycle = 0; cycle < 25; cycle += 1) {
      await runExpand(bench, COLUMNS);
      await runRollback(bench, { kind: 'everything' });
    }
    expect(await schemaText(bench.writer)).toBe(before);
    expect(await bench.writer.query('SELECT * FROM images ORDER BY id')).toEqual(rows);
    await expect(
      bench.writer.execute('ALTER TABLE images ADD COLUMN next_release varchar(255)'),
    ).resolves.toBeDefined();
  });
});

describe.runIf(ENGINES.includes('mariadb'))('a table whose columns an older version dropped instantly', () => {
  it('takes no further column after ten of its cycles, and expand and rollback mend that', async () => {
    const bench = await glance('mariadb');
    await instantCycles(bench.writer, 10);
    const refused: unknown = await bench.writer
      .execute('ALTER TABLE images ADD COLUMN next_release varchar(255)')
      .catch((error: unknown) => error);
    expect(bench.writer.dialect.classify(refused)).toBe('row-too-large');

    await runExpand(bench, COLUMNS);
    await bench.writer.execute('ALTER TABLE images ADD COLUMN next_release varchar(255)');
    await runRollback(bench, { kind: 'everything' });
    for (let cycle = 0; cycle < 15; cycle += 1) {
      await runExpand(bench, COLUMNS);
      await runRollback(bench, { kind: 'everything' });
    }
    await bench.writer.execute('ALTER TABLE images ADD COLUMN after_that varchar(255)');
  });

  it('is refused as ROW_TOO_LARGE with the statement that mends it where it is too large to be rebuilt beside Glance', async () => {
    const bench = await glance('mariadb');
    await instantCycles(bench.writer, 10);
    const small = { ...bench, writer: withoutRebuild(bench.writer) };
    await expect(runExpand(small, COLUMNS)).rejects.toMatchObject({
      code: 'ROW_TOO_LARGE',
      problems: [{ advice: expect.stringContaining('ALTER TABLE images FORCE') as string }],
    });
    await bench.writer.execute('ALTER TABLE images FORCE');
    await bench.writer.execute('UPDATE retype_lease SET owner = NULL');
    await runExpand(small, COLUMNS);
  });
});

/** The same database, as if each of its tables were larger than may be rebuilt. */
function withoutRebuild(writer: Database): Database {
  const dialect = { ...writer.dialect, tableBytes: async () => Promise.resolve(Number.MAX_SAFE_INTEGER) };
  return new Proxy(writer, {
    get: (target, name) => {
      if (name === 'dialect') return dialect;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
