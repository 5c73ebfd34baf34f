import { describe, expect, it } from 'vitest';

import { createEra } from '../../../scripts/fixtures/eras/create-era.ts';
import { ERAS, eraNamed } from '../../../scripts/fixtures/eras/eras.ts';
import type { Database } from '../../../src/db/database.ts';
import { copyTables, neededTables } from '../../../src/run/rehearse/copy-tables.ts';
import { digestText, readTableDigest } from '../../../src/run/rehearse/rows-digest.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../../support/servers/engines.ts';

interface Pair {
  readonly source: Database;
  readonly reader: Database;
  readonly scratch: Database;
}

async function pair(engine: EngineName): Promise<Pair> {
  const [from, to] = [await withFreshDatabase(engine), await withFreshDatabase(engine)];
  return {
    source: await openForTest(from.url),
    reader: await openForTest(from.url, 'read-only'),
    scratch: await openForTest(to.url),
  };
}

async function copied({ reader, scratch }: Pair, leftOut: readonly string[] = []) {
  const events: unknown[] = [];
  const tables = await copyTables({
    reader,
    scratch,
    leftOut,
    onEvent: (event) => events.push(event),
    stop: { requested: () => false },
  });
  if (tables === 'stopped') throw new Error('nobody stopped it');
  return { tables, events };
}

/** The bytes of a column, as the engine itself shows them. */
async function bytesOf(database: Database, table: string, column: string): Promise<readonly unknown[]> {
  const hex =
    database.dialect.name === 'postgres' ? `encode(convert_to(${column}, 'UTF8'), 'hex')` : `lower(hex(${column}))`;
  const rows = await database.query(`SELECT ${hex} AS bytes FROM ${table} ORDER BY id`);
  return rows.map((row) => row['bytes']);
}

describe.each(ENGINES)('copyTables on %s', (engine) => {
  it.each(ERAS)('copies tables, keys and rows of $name', async (era) => {
    const both = await pair(engine);
    await createEra(both.source, era);
    const { tables } = await copied(both);
    expect([...tables.keys()]).toEqual(await neededTables(both.source));
    const { copying } = both.source.dialect;
    for (const [table, digest] of tables) {
      const [count] = await both.source.query(`SELECT COUNT(*) AS n FROM ${table}`);
      expect(digest.rows).toBe(Number(count?.['n']));
      expect(digestText(digest)).toBe(digestText(await readTableDigest(both.source, table)));
      expect(digestText(await readTableDigest(both.scratch, table))).toBe(digestText(digest));
      expect(await copying.definition(both.scratch, table)).toEqual(await copying.definition(both.source, table));
      const [there, here] = [both.source, both.scratch].map(async (side) => side.dialect.describeTable(side, table));
      expect((await here)?.columns).toEqual((await there)?.columns);
    }
  });

  it('keeps NULL, quotes, backslashes, question marks, other alphabets and long texts byte for byte', async () => {
    const both = await pair(engine);
    await createEra(both.source, eraNamed('newest'));
    const texts = [
      '',
      ' ',
      "'",
      "\\'",
      '?',
      '??',
      ':name',
      '\n\r\t',
      // Glance's tables on MySQL are utf8mb3.
      engine === 'mariadb' ? 'ä€' : 'ä€😀',
      'NULL',
      'x\u001ey',
      'é'.repeat(30_000),
    ];
    const [image] = await both.source.query('SELECT id FROM images ORDER BY id LIMIT 1');
    for (const [index, text] of texts.entries()) {
      await both.source.execute(
        "INSERT INTO image_properties (id, image_id, name, value, created_at, deleted) VALUES (?, ?, ?, ?, '2020-01-01 00:00:00', ?)",
        [90_000 + index, String(image?.['id']), `p${index}`, text, both.source.dialect.name === 'postgres' ? 'f' : 0],
      );
    }
    await copied(both);
    const bytes = await bytesOf(both.source, 'image_properties', 'value');
    expect(bytes.slice(-texts.length)).toEqual(texts.map((text) => Buffer.from(text).toString('hex')));
    expect(await bytesOf(both.scratch, 'image_properties', 'value')).toEqual(bytes);
  });

  it('goes on from page to page, and tells how far it is', async () => {
    const both = await pair(engine);
    await createEra(both.source, eraNamed('newest'));
    const [image] = await both.source.query('SELECT id FROM images ORDER BY id LIMIT 1');
    const before = Number((await both.source.query('SELECT COUNT(*) AS n FROM image_properties'))[0]?.['n']);
    const deleted = both.source.dialect.name === 'postgres' ? 'f' : 0;
    const rows = Array.from({ length: 1_500 }, (_, index) => [
      10_000 + index,
      String(image?.['id']),
      `name ${index}`,
      '2020-01-01 00:00:00',
      deleted,
    ]);
    await both.source.transaction(async (trx) =>
      both.source.dialect.insertRows(
        trx,
        'image_properties',
        ['id', 'image_id', 'name', 'created_at', 'deleted'],
        rows,
      ),
    );
    const { tables, events } = await copied(both);
    expect(tables.get('image_properties')?.rows).toBe(before + 1_500);
    expect(digestText(await readTableDigest(both.scratch, 'image_properties'))).toBe(
      digestText(await readTableDigest(both.source, 'image_properties')),
    );
    const total = [...tables.values()].reduce((sum, digest) => sum + digest.rows, 0);
    expect(events[0]).toEqual({ kind: 'phase', phase: 'copy', total });
    expect(events.at(-1)).toEqual({ kind: 'progress', done: total });
  });

  it('leaves result columns of an earlier expand out', async () => {
    const both = await pair(engine);
    await createEra(both.source, eraNamed('newest'));
    await both.source.execute('ALTER TABLE images ADD COLUMN image_type VARCHAR(16)');
    await both.source.execute("UPDATE images SET image_type = 'disk'");
    await copied(both, ['image_type']);
    const table = await both.scratch.dialect.describeTable(both.scratch, 'images');
    expect(table?.columns.map(({ name }) => name)).not.toContain('image_type');
    expect(digestText(await readTableDigest(both.scratch, 'images'))).toBe(
      digestText(await readTableDigest(both.source, 'images', ['image_type'])),
    );
  });

  it('ends at a stop request before the next page', async () => {
    const both = await pair(engine);
    await createEra(both.source, eraNamed('newest'));
    const { reader, scratch } = both;
    const stop = { requested: () => true };
    expect(await copyTables({ reader, scratch, leftOut: [], onEvent: () => {}, stop })).toBe('stopped');
  });
});

describe.runIf(ENGINES.includes('sqlite'))('copyTables of a file that holds anything anywhere', () => {
  it('keeps type and bytes of every value, and rows without a parent', async () => {
    const both = await pair('sqlite');
    await createEra(both.source, eraNamed('newest'));
    const odd = [
      "CAST(x'ff00fe' AS TEXT)",
      "x'00'",
      "CAST(x'610062' AS TEXT)",
      '9223372036854775807',
      '1.5e300',
      '0.1',
      "'9'",
    ];
    await both.source.execute('PRAGMA foreign_keys = OFF');
    for (const [index, value] of odd.entries()) {
      await both.source.execute(
        `INSERT INTO image_properties (id, image_id, name, value, created_at, deleted)
         VALUES (${90_000 + index}, 'nobody', 'p${index}', ${value}, 1, 0)`,
      );
    }
    await copied(both);
    const values = 'SELECT typeof(value) AS type, hex(value) AS bytes, image_id FROM image_properties ORDER BY id';
    expect(await both.scratch.query(values)).toEqual(await both.source.query(values));
  });
});

describe.runIf(ENGINES.includes('mariadb'))('copyTables of MariaDB', () => {
  it('keeps zero dates, and bytes that other character sets have', async () => {
    const both = await pair('mariadb');
    await createEra(both.source, eraNamed('newest'));
    await both.source.execute(
      "UPDATE images SET created_at = '0000-00-00 00:00:00', deleted_at = '2020-00-00 00:00:00'",
    );
    await both.source.execute('ALTER TABLE images MODIFY name VARCHAR(255) CHARACTER SET latin1');
    await both.source.execute("UPDATE images SET name = x'8081ff5c27'");
    await copied(both);
    const dates = 'SELECT id, CAST(created_at AS CHAR) AS c, CAST(deleted_at AS CHAR) AS d FROM images ORDER BY id';
    expect(await both.scratch.query(dates)).toEqual(await both.source.query(dates));
    expect(new Set(await bytesOf(both.scratch, 'images', 'name'))).toEqual(new Set(['8081ff5c27']));
  });
});
