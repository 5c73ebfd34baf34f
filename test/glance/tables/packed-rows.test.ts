import { describe, expect, it } from 'vitest';

import { runStatements } from '../../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../../scripts/fixtures/eras/eras.ts';
import { introspectGlance } from '../../../src/glance/introspect.ts';
import { readPacked } from '../../../src/glance/tables/packed-rows.ts';
import { ENGINES, openForTest, withFreshDatabase } from '../../support/servers/engines.ts';

const PAGE = { sql: 'SELECT id, name, value FROM image_properties WHERE id > ? ORDER BY id', bindings: [0] };

describe.each(ENGINES)('a packed page on %s', (engine) => {
  it('is the page, or nothing where it could not be told from another one', async () => {
    const database = await openForTest((await withFreshDatabase(engine)).url);
    await runStatements(database, newestSchema(database.dialect.name));
    const schema = await introspectGlance(database);
    const read = async (): Promise<unknown> =>
      (await readPacked(database, schema, PAGE, ['id', 'name', 'value']))?.lists ?? null;
    expect(schema.pack === null).toBe(engine === 'mariadb');
    if (schema.pack === null) {
      expect(await read()).toBe(null);
      return;
    }
    expect(await read()).toEqual([[], [], []]);
    const [no] = engine === 'postgres' ? ['false'] : ['0'];
    await database.execute(
      "INSERT INTO images (id, name, size, status, created_at, deleted, min_disk, min_ram, protected, visibility, os_hidden) VALUES ('i', 'x', 1, 'active', '2026-01-01 00:00:00', " +
        `${no}, 0, 0, ${no}, 'shared', ${no})`,
    );
    const insert = async (name: string, value: string | null): Promise<unknown> =>
      database.execute(
        `INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES ('i', ?, ?, '2026-01-01 00:00:00', ${no})`,
        [name, value],
      );
    await insert('a', 'Ünïcode \u{1f5bc}\n');
    await insert('b', null);
    await insert('c', '');
    const ids = (await database.query('SELECT id FROM image_properties ORDER BY id')).map((row) => String(row['id']));
    expect(await read()).toEqual([ids, ['a', 'b', 'c'], ['Ünïcode \u{1f5bc}\n', null, '']]);
    await insert('d', 'x\u001ey');
    expect(await read()).toBe(null);
    await database.execute("UPDATE image_properties SET value = ? WHERE name = 'd'", ['\u001d']);
    expect(await read()).toBe(null);
    if (engine !== 'sqlite') return;
    await database.execute("UPDATE image_properties SET value = x'00ff' WHERE name = 'd'");
    expect(await read()).toBe(null);
  });
});
