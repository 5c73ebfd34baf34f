import { describe, expect, it } from 'vitest';

import type { Database } from '../../../src/db/database.ts';
import { pageStatement } from '../../../src/glance/reader/image-row.ts';
import { countImages, readImages, readPages } from '../../../src/glance/reader/reader.ts';
import { RetypeError } from '../../../src/model/error.ts';
import { EVIDENCE_PROPERTIES, type ImageEvidence } from '../../../src/model/image.ts';
import { ERAS } from '../../../scripts/fixtures/eras/eras.ts';
import { seededImages } from '../../../scripts/fixtures/eras/seed.ts';
import { ENGINES, openForTest } from '../../support/servers/engines.ts';
import { byName, collectImages, collectPages, eraDatabase, imagesOf, look, pagesOf } from '../support/era-database.ts';

const NAMES = new Set<string>(EVIDENCE_PROPERTIES);

async function rejection(work: Promise<unknown>): Promise<RetypeError> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof RetypeError) return error;
  throw new Error(error === null ? 'nothing was refused' : 'another kind of error', { cause: error });
}

/** In the order that tables are gone through: by key, or as the rows lie in the file. */
async function idsInOrder(database: Database): Promise<readonly string[]> {
  const order = database.dialect.rowNumber ?? 'id';
  return (await database.query(`SELECT id FROM images ORDER BY ${order}`)).map((row) => String(row['id']));
}

describe.each(ENGINES)('readPages on %s', (engine) => {
  it.each(ERAS.map((era) => era.name))('reads every row of %s exactly as it was written', async (name) => {
    const { database, era, url } = await eraDatabase(engine, name);
    const reading = await openForTest(url, 'read-only');
    const images = await collectImages(reading, await look(reading), 37);
    const seeded = seededImages(era.release, database.dialect.name);
    expect(images.map(({ image }) => image.id)).toEqual(await idsInOrder(database));
    expect(await countImages(reading)).toBe(seeded.length);
    for (const { id, image } of seeded) {
      const read = byName(images, image.name);
      expect(read.image).toMatchObject({
        id: String(id),
        status: image.status,
        deleted: image.deleted === 'soft-deleted',
        diskFormat: image.disk,
        containerFormat: image.container,
        size: image.size,
      });
      const live =
        image.deleted === 'live' ? image.properties.filter((p) => p.state === 'live' && NAMES.has(p.name)) : [];
      expect([...read.properties.keys()].sort(), image.name).toEqual(live.map((property) => property.name).sort());
      for (const { name: property, value } of live) {
        if (value === null || typeof value === 'string') {
          expect(read.properties.get(property)).toBe(value?.slice(0, 1_024) ?? null);
        }
      }
    }
  });

  it('gives the same rows for every page size, and for every place to go on from', async () => {
    const { database } = await eraDatabase(engine, 'newest');
    const opened = await look(database);
    const whole = await collectImages(database, opened, 100_000);
    for (const pageSize of [1, 2, 3, 7, 50, whole.length - 1, whole.length, whole.length + 1]) {
      const pages = await collectPages(database, opened, pageSize);
      expect(pages.flatMap(imagesOf)).toEqual(whole);
      // Each begins where the one before it ends.
      expect(pages.map((page) => page.range.after)).toEqual([
        null,
        ...pages.slice(0, -1).map((page) => page.range.until),
      ]);
    }
    const [first] = await collectPages(database, opened, 101);
    const rest = (await collectPages(database, opened, 17, first?.range.until ?? '')).flatMap(imagesOf);
    expect(rest).toEqual(whole.slice(101));
  });

  it('counts on integer keys by number: 9, 10, 100', async () => {
    const { database } = await eraDatabase(engine, 'diablo');
    const ids = (await collectImages(database, await look(database), 4)).map(({ image }) => Number(image.id));
    expect(ids).toEqual(ids.map((_, index) => index + 1));
  });

  it('reads the properties the same by range and by list', async () => {
    const { database } = await eraDatabase(engine, 'icehouse');
    const opened = await look(database);
    const listed = { ...opened, schema: { ...opened.schema, propertyRange: 'other-order' as const } };
    expect(await collectImages(database, listed, 13)).toEqual(await collectImages(database, opened, 13));
  });

  it('ends at once on an empty table', async () => {
    const { database } = await eraDatabase(engine, 'newest');
    for (const table of ['image_properties', 'image_members', 'image_tags', 'image_locations', 'images']) {
      await database.execute(`DELETE FROM ${table}`);
    }
    expect(await collectPages(database, await look(database), 10)).toEqual([]);
    expect(await countImages(database)).toBe(0);
  });

  it('reads every row once while somebody purges the rows behind it', async () => {
    const { database, url } = await eraDatabase(engine, 'newest');
    for (const table of ['image_properties', 'image_members', 'image_tags', 'image_locations']) {
      await database.execute(`DELETE FROM ${table}`);
    }
    const before = await idsInOrder(database);
    const purger = await openForTest(url);
    const opened = await look(database);
    const seen: string[] = [];
    for await (const page of readPages(database, opened.schema, opened.references, pagesOf(20))) {
      const ids = page.evidence.images.map(({ image }) => image.id);
      seen.push(...ids);
      await purger.execute(`DELETE FROM images WHERE id IN (${ids.map(() => '?').join(', ')})`, ids);
    }
    expect(seen).toEqual(before);
    expect(await countImages(database)).toBe(0);
  });

  it('lets the caller stop after any page and close the database', async () => {
    const { url } = await eraDatabase(engine, 'newest');
    const database = await openForTest(url, 'read-only');
    const opened = await look(database);
    for await (const page of readPages(database, opened.schema, opened.references, pagesOf(5))) {
      expect(page.evidence.size).toBe(5);
      break;
    }
    await database.close();
  });

  it('shares one object between all images without properties, references or referrers', async () => {
    const { database } = await eraDatabase(engine, 'newest');
    const images = await collectImages(database, await look(database));
    const plain = images.filter(({ image }) => image.deleted);
    expect(new Set(plain.map((evidence) => evidence.properties)).size).toBe(1);
    expect(new Set(plain.map((evidence) => evidence.kernel)).size).toBe(1);
  });

  it('reads lost snapshot marks and no other lost property', async () => {
    const { database } = await eraDatabase(engine, 'essex');
    const snapshot = byName(await collectImages(database, await look(database)), 'snapshot with lost marks');
    expect(snapshot.lostProperties).toEqual(
      new Map([
        ['image_type', 'snapshot'],
        ['instance_uuid', '5f1d'],
      ]),
    );
    expect([...snapshot.properties]).toEqual([['base_image_ref', '3']]);
  });

  it('reads a few images by id, with the same evidence', async () => {
    const { database } = await eraDatabase(engine, 'newest');
    const opened = await look(database);
    const whole = await collectImages(database, opened);
    const wanted = [whole[3], whole[50], whole[51]].map((evidence) => evidence?.image.id ?? '');
    const some = await readImages(database, opened.schema, opened.references, [...wanted, 'no-such-id']);
    const byId = (one: ImageEvidence, other: ImageEvidence): number => (one.image.id < other.image.id ? -1 : 1);
    expect(some.toSorted(byId)).toEqual(
      [whole[3], whole[50], whole[51]].filter((image) => image !== undefined).toSorted(byId),
    );
    expect(await readImages(database, opened.schema, opened.references, [])).toEqual([]);
  });

  it('takes an id that is no integer for one that no row of Diablo has', async () => {
    const { database } = await eraDatabase(engine, 'diablo');
    const { schema, references } = await look(database);
    const found = await readImages(database, schema, references, ["1' OR '1'='1", '2', '99999999999999999999', 'x']);
    expect(found.map(({ image }) => image.id)).toEqual(['2']);
  });

  it.each(['all', 'decisive'] as const)('names every row without a status, reading %s columns', async (columns) => {
    const { database } = await eraDatabase(engine, 'newest');
    const ids = await idsInOrder(database);
    const nullable: Record<typeof engine, readonly string[]> = {
      mariadb: ['ALTER TABLE images MODIFY status VARCHAR(30) NULL'],
      postgres: ['ALTER TABLE images ALTER COLUMN status DROP NOT NULL'],
      sqlite: [
        'ALTER TABLE images RENAME COLUMN status TO old_status',
        'ALTER TABLE images ADD COLUMN status VARCHAR(30)',
        'UPDATE images SET status = old_status',
      ],
    };
    for (const sql of nullable[engine]) await database.execute(sql);
    await database.execute('UPDATE images SET status = NULL WHERE id IN (?, ?)', [ids[30] ?? '', ids[31] ?? '']);
    const opened = await look(database);
    const request = { ...pagesOf(20), columns };
    const reading = async (): Promise<void> => {
      const pages = readPages(database, opened.schema, opened.references, request);
      while ((await pages.next()).done !== true);
    };
    const error = await rejection(reading());
    expect(error.code).toBe('ROW_UNREADABLE');
    expect(error.problems.map((problem) => problem.place)).toEqual([
      `images.status of ${ids[30]}`,
      `images.status of ${ids[31]}`,
    ]);
    // The page before it is still handed out, and its failure waits until somebody asks for it.
    const pages = readPages(database, opened.schema, opened.references, request);
    expect((await pages.next()).value?.evidence.size).toBe(20);
    for (let pause = 0; pause < 50; pause += 1) {
      await database.query('SELECT 1');
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect(pages.next()).rejects.toThrow('ROW_UNREADABLE');
  });

  it('refuses a page size that is none', async () => {
    const { database } = await eraDatabase(engine, 'cactus');
    const opened = await look(database);
    for (const pageSize of [0, -1, 1.5, Number.NaN]) {
      await expect(collectPages(database, opened, pageSize)).rejects.toThrow('at least one row');
    }
  });
});

describe.runIf(ENGINES.includes('mariadb'))('readPages on mariadb', () => {
  it('walks the primary key by range, for text and for integer keys, in any character set', async () => {
    for (const name of ['newest', 'icehouse', 'diablo']) {
      const { database } = await eraDatabase('mariadb', name);
      const { schema } = await look(database);
      const ids = await idsInOrder(database);
      const { sql, bindings } = pageStatement(schema, 'decisive', { after: ids[100] ?? null, until: null }, 50);
      const [plan] = await database.query(`EXPLAIN ${sql}`, bindings);
      expect([name, plan?.['type'], plan?.['key'], plan?.['Extra']]).toEqual([name, 'range', 'PRIMARY', 'Using where']);
    }
  });

  it('joins properties whose image_id differs by case or character set from images.id', async () => {
    const { database } = await eraDatabase('mariadb', 'essex-create-all');
    const before = await collectImages(database, await look(database), 9);
    await database.execute('ALTER TABLE image_properties CONVERT TO CHARACTER SET utf8mb3');
    await database.execute('UPDATE image_properties SET image_id = UPPER(image_id)');
    const opened = await look(database);
    expect(opened.schema.propertyRange).toBe('other-order');
    expect(await collectImages(database, opened, 9)).toEqual(before);
  });

  it('reads names beyond the basic plane from a utf8mb4 table', async () => {
    const { database } = await eraDatabase('mariadb', 'newest');
    await database.execute('SET FOREIGN_KEY_CHECKS = 0').catch(() => 0);
    await database.execute('ALTER TABLE images MODIFY name VARCHAR(255) CHARACTER SET utf8mb4');
    const [id = ''] = await idsInOrder(database);
    await database.execute('UPDATE images SET name = ? WHERE id = ?', ['𝒢lance 🐧', id]);
    expect(byName(await collectImages(database, await look(database)), '𝒢lance 🐧').image.id).toBe(id);
  });
});

describe.runIf(ENGINES.includes('sqlite'))('readPages on sqlite', () => {
  it('names a row whose key is NULL', async () => {
    const { database } = await eraDatabase('sqlite', 'newest');
    await database.execute('PRAGMA writable_schema = ON').catch(() => 0);
    await database.execute('ALTER TABLE images RENAME TO old_images');
    await database.execute('CREATE TABLE images AS SELECT * FROM old_images');
    await database.execute("INSERT INTO images (id, name, status, deleted) VALUES (NULL, 'keyless', 'active', 0)");
    const error = await rejection(look(database).then((opened) => collectPages(database, opened, 10)));
    expect(error.problems[0].place).toBe('images.id of the row named "keyless"');
  });
});
