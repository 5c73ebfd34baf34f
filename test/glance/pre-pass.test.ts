import { describe, expect, it } from 'vitest';

import { introspectGlance } from '../../src/glance/introspect.ts';
import { type PrePass, readPrePass, samePropertiesAs } from '../../src/glance/pre-pass.ts';
import { readPages } from '../../src/glance/reader/reader.ts';
import { readReferences } from '../../src/glance/references/references.ts';
import type { Database } from '../../src/db/database.ts';
import type { ImageEvidence } from '../../src/model/image.ts';
import { propertyToken } from '../../src/rules/decide/property-token.ts';
import { ERAS } from '../../scripts/fixtures/eras/eras.ts';
import { decide } from '../rules/evidence-builder.ts';
import { ENGINES, type EngineName } from '../support/servers/engines.ts';
import { eraDatabase, pagesOf } from './support/era-database.ts';

async function readAll(database: Database, how: 'cache' | 'pages'): Promise<readonly ImageEvidence[]> {
  const schema = await introspectGlance(database);
  const { references, cache } =
    how === 'cache'
      ? await readPrePass(database, schema, propertyToken)
      : { references: await readReferences(database, schema), cache: null };
  expect(cache === null).toBe(how === 'pages');
  const images: ImageEvidence[] = [];
  for await (const page of readPages(database, schema, references, { ...pagesOf(17), cache }))
    images.push(...page.evidence);
  return images;
}

describe.each(ENGINES)('the pre-pass on %s', (engine) => {
  it.each(ERAS.map(({ name }) => name))(
    'leads to the same decisions as properties read page by page, on %s',
    async (name) => {
      const { database } = await eraDatabase(engine, name);
      const shelved = await readAll(database, 'cache');
      const paged = await readAll(database, 'pages');
      expect(shelved.map(({ image }) => image)).toEqual(paged.map(({ image }) => image));
      expect(shelved.map(({ referencedBy }) => referencedBy)).toEqual(paged.map(({ referencedBy }) => referencedBy));
      expect(shelved.map(({ kernel, ramdisk }) => [kernel, ramdisk])).toEqual(
        paged.map(({ kernel, ramdisk }) => [kernel, ramdisk]),
      );
      expect(shelved.map(decide)).toEqual(paged.map(decide));
    },
  );

  it('reads properties page by page where their texts count', async () => {
    const { database } = await eraDatabase(engine, 'newest');
    const schema = await introspectGlance(database, { alsoProperties: ['os_type'] });
    expect((await readPrePass(database, schema, propertyToken)).cache).toBeNull();
  });

  it('reads properties page by page where there are too many to be held', async () => {
    const { database } = await eraDatabase(engine, 'newest');
    await database.execute(
      'UPDATE image_properties SET id = 2000000000 WHERE id = (SELECT id FROM (SELECT MAX(id) AS id FROM image_properties) m)',
    );
    const schema = await introspectGlance(database);
    const { references, cache } = await readPrePass(database, schema, propertyToken);
    expect(cache).toBeNull();
    expect(references.size).toBe((await readReferences(database, schema)).size);
  });
});

const PROPERTY = 'f0000000-0000-4000-8000-00000000aaaa';
const OTHER = 'f0000000-0000-4000-8000-00000000bbbb';

/** Two live images, the first with a property that is read and one that is not; what the pre-pass read of them. */
async function twoImages(engine: EngineName) {
  const { database } = await eraDatabase(engine, 'newest');
  const [no, yes] = engine === 'postgres' ? ['false', 'true'] : ['0', '1'];
  for (const id of [PROPERTY, OTHER])
    await database.execute(
      `INSERT INTO images (id, name, size, status, created_at, deleted, disk_format, container_format, min_disk, min_ram, protected, visibility, os_hidden)
       VALUES (?, 'one of two', 1000, 'active', '2020-01-01 00:00:00', ${no}, 'raw', 'bare', 0, 0, ${no}, 'shared', ${no})`,
      [id],
    );
  const add = async (id: string, name: string, value: string | null): Promise<void> => {
    await database.execute(
      `INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES (?, ?, ?, '2020-01-01 00:00:00', ${no})`,
      [id, name, value],
    );
  };
  await add(PROPERTY, 'img_type', 'partition');
  await add(PROPERTY, 'description', 'of no consequence');
  const schema = await introspectGlance(database);
  const read = async (): Promise<PrePass> => readPrePass(database, schema, propertyToken);
  const isSame = async (before: PrePass): Promise<boolean> => samePropertiesAs(before, database, schema);
  return { database, add, read, isSame, yes };
}

describe.each(ENGINES)('the digest of properties on %s', (engine) => {
  it.each(ERAS.map(({ name }) => name))('is that of the properties as they are read, in %s', async (name) => {
    const { database } = await eraDatabase(engine, name);
    const schema = await introspectGlance(database);
    const before = await readPrePass(database, schema, propertyToken);
    expect(before.digest?.rows).toBeGreaterThan(5);
    expect(await samePropertiesAs(before, database, schema)).toBe(true);
  });

  it('is another one after each change of a property that is read', async () => {
    const { database, add, read, isSame, yes } = await twoImages(engine);
    const where = `image_id = '${PROPERTY}' AND name IN ('img_type', 'os_type')`;
    const changes: readonly (readonly [string, () => Promise<unknown>])[] = [
      ...["'Partition'", "'partition '", "'pärtition'", "''", 'NULL', "'whole-disk'"].map(
        (value) =>
          [
            `value ${value}`,
            async () => database.execute(`UPDATE image_properties SET value = ${value} WHERE ${where}`),
          ] as const,
      ),
      ['another name', async () => database.execute(`UPDATE image_properties SET name = 'os_type' WHERE ${where}`)],
      [
        'another image',
        async () => database.execute(`UPDATE image_properties SET image_id = '${OTHER}' WHERE ${where}`),
      ],
      ['added', async () => add(PROPERTY, 'img_type', 'partition')],
      ['lost', async () => database.execute(`UPDATE image_properties SET deleted = ${yes} WHERE ${where}`)],
      [
        'soft-deleted',
        async () => database.execute(`UPDATE image_properties SET deleted_at = '2020-01-01 00:00:00' WHERE ${where}`),
      ],
      ['removed', async () => database.execute(`DELETE FROM image_properties WHERE image_id = '${OTHER}'`)],
    ];
    for (const [what, change] of changes) {
      const before = await read();
      expect([what, await isSame(before)]).toEqual([what, true]);
      await change();
      expect([what, await isSame(before)]).toEqual([what, false]);
    }
  });

  it('is another one where two images swap values', async () => {
    const { database, add, read, isSame } = await twoImages(engine);
    await add(OTHER, 'img_type', 'whole-disk');
    const before = await read();
    await database.execute(
      `UPDATE image_properties SET value = CASE value WHEN 'partition' THEN 'whole-disk' ELSE 'partition' END
       WHERE name = 'img_type' AND image_id IN ('${PROPERTY}', '${OTHER}')`,
    );
    expect(await isSame(before)).toBe(false);
  });

  it('is the same whatever happens to what is not read', async () => {
    const { database, add, read, isSame } = await twoImages(engine);
    await add(OTHER, 'os_distro', 'x'.repeat(1024));
    const before = await read();
    await database.execute("UPDATE image_properties SET value = 'other' WHERE name = 'description'");
    await database.execute("UPDATE image_properties SET updated_at = '2020-01-01 00:00:00'");
    await database.execute('UPDATE image_properties SET value = ? WHERE image_id = ? ', [
      `${'x'.repeat(1024)}y`,
      OTHER,
    ]);
    expect(await isSame(before)).toBe(true);
    await database.execute('UPDATE image_properties SET value = ? WHERE image_id = ? ', [
      `${'x'.repeat(1023)}y`,
      OTHER,
    ]);
    expect(await isSame(before)).toBe(false);
  });

  it('cannot be told where properties are read page by page', async () => {
    const { database } = await eraDatabase(engine, 'newest');
    const schema = await introspectGlance(database, { alsoProperties: ['os_type'] });
    const before = await readPrePass(database, schema, propertyToken);
    expect(before.digest).toBeNull();
    expect(await samePropertiesAs(before, database, schema)).toBe(false);
  });
});
