import { existsSync, statSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';

import { openDatabase } from '../../../src/db/engines/open.ts';
import { scratchPlace } from '../../../src/db/engines/scratch.ts';
import { ENGINES, withFreshDatabase } from '../../support/servers/engines.ts';

describe.each(ENGINES)('a scratch place on %s', (engine) => {
  it('is made, holds tables of its own, and is dropped with them, while the source stays', async () => {
    const source = await withFreshDatabase(engine);
    const before = await openDatabase(source.spec, 'read-write');
    onTestFinished(() => before.close());
    await before.execute('CREATE TABLE images (id INTEGER)');
    const name = `s_${randomUUID().slice(0, 8)}`;
    const place = scratchPlace(source.spec, source.spec.kind === 'sqlite' ? `${source.spec.path}.${name}` : name);
    expect(await place.isThere()).toBe(false);
    await place.make();
    expect(await place.isThere()).toBe(true);
    await expect(place.make()).rejects.toThrow(/exist/u);

    const scratch = await openDatabase(place.spec, 'read-write');
    try {
      expect(await scratch.dialect.copying.contents(scratch)).toEqual([]);
      expect(await scratch.dialect.listTables(scratch)).toEqual([]);
      await scratch.execute('CREATE TABLE images (id INTEGER)');
      await scratch.execute('CREATE VIEW seen AS SELECT id FROM images');
      await scratch.execute('INSERT INTO images VALUES (7)');
      expect((await scratch.dialect.copying.contents(scratch)).toSorted()).toEqual(['table images', 'view seen']);
    } finally {
      await scratch.close();
    }
    expect(await before.query('SELECT id FROM images')).toEqual([]);
    await place.drop();
    expect(await place.isThere()).toBe(false);
    await place.drop();
    expect(await before.dialect.listTables(before)).toEqual(['images']);
  });
});

describe('a scratch file of SQLite', () => {
  it('is for its owner alone, and goes with the files beside it', async () => {
    const { spec } = await withFreshDatabase('sqlite');
    if (spec.kind !== 'sqlite') throw new TypeError('no file');
    const path = `${spec.path}.scratch`;
    const place = scratchPlace(spec, path);
    await place.make();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(place.text).toBe(`file ${path}`);
    expect(place.dropText).toBe(`rm ${path}`);
    await place.drop();
    expect(existsSync(path)).toBe(false);
  });
});
