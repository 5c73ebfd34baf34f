import { describe, expect, it } from 'vitest';

import type { Database } from '../../../src/db/database.ts';
import { introspectGlance } from '../../../src/glance/introspect.ts';
import { readPages } from '../../../src/glance/reader/reader.ts';
import { ShapedRecord } from '../../../src/glance/reader/shaped-row.ts';
import type { ImageEvidence } from '../../../src/model/image.ts';
import { shapeOf } from '../../../src/rules/decide/observation.ts';
import { ERAS } from '../../../scripts/fixtures/eras/eras.ts';
import { decide } from '../../rules/evidence-builder.ts';
import { ENGINES, type EngineName } from '../../support/servers/engines.ts';
import { eraDatabase, look, pagesOf } from '../support/era-database.ts';

async function read(database: Database, columns: 'all' | 'decisive'): Promise<readonly ImageEvidence[]> {
  const { schema, references } = await look(database);
  const images: ImageEvidence[] = [];
  for await (const { evidence } of readPages(database, schema, references, { ...pagesOf(41), columns })) {
    images.push(...evidence);
  }
  return images;
}

/** Both ways must agree in everything that is decided by; @returns how many rows were read by their shape. */
async function compare(database: Database): Promise<number> {
  const all = await read(database, 'all');
  const decisive = await read(database, 'decisive');
  const seen = ({ image, properties, kernel, ramdisk, referencedBy }: ImageEvidence): object => ({
    id: image.id,
    name: image.name,
    shape: shapeOf(image),
    properties,
    kernel,
    ramdisk,
    referencedBy,
  });
  expect(all.map(seen)).toEqual(decisive.map((evidence) => ({ ...seenShape(evidence) })));
  expect(decisive.map(decide)).toEqual(all.map(decide));
  return decisive.filter(({ image }) => image instanceof ShapedRecord).length;
}

function seenShape({ image, shape, properties, kernel, ramdisk, referencedBy }: ImageEvidence): object {
  const { text: _text, ...same } = shape ?? shapeOf(image);
  return { id: image.id, name: image.name, shape: same, properties, kernel, ramdisk, referencedBy };
}

/** Words that would be mistaken for others if lengths were not told, or told in other units. */
const WORDS = ['', ',', '/', '/,', '3,raw', '0,', ' raw ', 'é', '\u{1f427}', "'", '\\', 'x'.repeat(20)];

describe.each(ENGINES)('rows read by their shape on %s', (engine) => {
  it.each(ERAS.map(({ name }) => name))('say all that decisions depend on, in %s', async (name) => {
    const { database } = await eraDatabase(engine, name);
    expect(await compare(database)).toBe((await read(database, 'all')).length);
  });

  it('keep every word apart from every other', async () => {
    const { database } = await eraDatabase(engine, 'newest');
    await widen(database, engine);
    const ids = (await database.query('SELECT id FROM images')).map((row) => String(row['id']));
    const words = [null, ...WORDS];
    for (const [index, disk] of words.entries()) {
      for (const [other, container] of words.entries()) {
        const id = ids[(index * words.length + other) % ids.length] ?? '';
        const values = [disk, container, WORDS[(index + other) % WORDS.length] ?? '', id];
        await database.execute(
          'UPDATE images SET disk_format = ?, container_format = ?, status = ? WHERE id = ?',
          values,
        );
      }
    }
    expect(await compare(database)).toBe(ids.length);
  });

  it('refuse to say what was not read', async () => {
    const { database } = await eraDatabase(engine, 'newest');
    const [first] = await read(database, 'decisive');
    expect(() => first?.image.owner).toThrow('images.owner was not read');
    expect(() => first?.image.size).toThrow('images.size was not read');
    expect(() => first?.image.minDisk).toThrow('images.min_disk was not read');
  });
});

describe.runIf(ENGINES.includes('mariadb'))('rows on mariadb', () => {
  it('are read column by column where their words are in different character sets', async () => {
    const { database } = await eraDatabase('mariadb', 'newest');
    await database.execute('ALTER TABLE images MODIFY disk_format VARCHAR(20) CHARACTER SET latin1');
    expect((await introspectGlance(database)).shape).toBeNull();
    expect(await compare(database)).toBe(0);
  });
});

describe.runIf(ENGINES.includes('sqlite'))('rows on sqlite', () => {
  it.each([
    ['a size that is a text', "size = '5x'"],
    ['a word with a NUL in it', "disk_format = 'ra' || char(0) || 'w'"],
    ['a word that is a BLOB', "container_format = x'6261'"],
  ])('are read column by column in a page that has %s', async (_, change) => {
    const { database } = await eraDatabase('sqlite', 'newest');
    const ids = (await database.query('SELECT id FROM images ORDER BY rowid')).map((row) => String(row['id']));
    await database.execute(`UPDATE images SET ${change} WHERE id = ?`, [ids[50] ?? '']);
    const { schema, references } = await look(database);
    const shaped: boolean[] = [];
    const outcome = await (async () => {
      for await (const { evidence } of readPages(database, schema, references, {
        ...pagesOf(41),
        columns: 'decisive',
      })) {
        shaped.push(evidence.images.every(({ image }) => image instanceof ShapedRecord));
      }
      return 'read';
    })().catch((error: unknown) => String(error));
    // What cannot be carried through is said as it is when all columns are read.
    const all = await read(database, 'all').then(
      () => 'read',
      (error: unknown) => String(error),
    );
    expect(outcome).toBe(all);
    expect(shaped.slice(0, 2)).toEqual(outcome === 'read' ? [true, false] : [true]);
  });
});

/** Some engines keep these columns short or NOT NULL. */
async function widen(database: Database, engine: EngineName): Promise<void> {
  const changes: Record<EngineName, readonly string[]> = {
    mariadb: ['disk_format', 'container_format', 'status'].map(
      (name) => `ALTER TABLE images MODIFY ${name} VARCHAR(30) CHARACTER SET utf8mb4`,
    ),
    postgres: [],
    sqlite: [],
  };
  for (const sql of changes[engine]) await database.execute(sql);
}
