import { describe, expect, it } from 'vitest';

import { runStatements } from '../../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../../scripts/fixtures/eras/eras.ts';
import type { Database } from '../../../src/db/database.ts';
import { introspectGlance } from '../../../src/glance/introspect.ts';
import { readDigest } from '../../../src/glance/reader/digest.ts';
import { NO_ROWS } from '../../../src/glance/tables/digest.ts';
import type { ScanRange } from '../../../src/glance/tables/scan-order.ts';
import type { GlanceSchema } from '../../../src/glance/tables/schema.ts';
import { type ReadPart, ReadParts } from '../../../src/run/migrate/read-parts.ts';
import { changedDatabase } from '../../support/cloud/migration.ts';
import { ENGINES, type EngineName, openForTest, withFreshDatabase } from '../../support/servers/engines.ts';

/** Rows 10, 20, … 120, read as parts of three: (…, 30], (30, 60], (60, 90], (90, 120], (120, …). */
interface Twelve {
  readonly database: Database;
  readonly schema: GlanceSchema;
  readonly parts: ReadParts;
  /** The same parts in their order. */
  readonly added: readonly ReadPart[];
}

const idOf = (place: number): string => `${String(place).padStart(8, '0')}-0000-4000-8000-000000000000`;

/** A range in the words of the rows, as SQLite's row numbers are those of the ids here. */
function said({ after, until }: ScanRange): string {
  const place = (position: string | null, otherwise: string): string =>
    position === null ? otherwise : String(Number(position.slice(0, 8)));
  return `(${place(after, '…')}, ${place(until, '…')}]`;
}

async function insert(database: Database, place: number): Promise<void> {
  const no = database.dialect.name === 'postgres' ? 'false' : '0';
  const [column, value] = database.dialect.name === 'sqlite' ? [', rowid', `, ${place}`] : ['', ''];
  await database.execute(
    `INSERT INTO images (id, name, size, status, created_at, deleted, disk_format, container_format, min_disk, min_ram, protected, visibility, os_hidden${column})
     VALUES (?, 'one of twelve', 1000, 'active', '2020-01-01 00:00:00', ${no}, ?, 'bare', 0, 0, ${no}, 'shared', ${no}${value})`,
    [idOf(place), place % 20 === 0 ? 'raw' : 'qcow2'],
  );
}

async function twelve(engine: EngineName): Promise<Twelve> {
  const { url } = await withFreshDatabase(engine);
  const database = await openForTest(url);
  await runStatements(database, newestSchema(database.dialect.name));
  for (let place = 10; place <= 120; place += 10) await insert(database, place);
  const schema = await introspectGlance(database);
  const position = (place: number): string => (schema.scan.kind === 'key' ? idOf(place) : String(place));
  const parts = new ReadParts();
  const added: ReadPart[] = [];
  for (const [after, until] of [[null, 30] as const, [30, 60] as const, [60, 90] as const, [90, 120] as const]) {
    const range = { after: after === null ? null : position(after), until: position(until) };
    added.push(parts.add({ range, digest: await readDigest(database, schema, 'decisive', range) }));
  }
  added.push(parts.add({ range: { after: position(120), until: null }, digest: NO_ROWS }));
  return { database, schema, parts, added };
}

/** What changed, the ranges that the server was asked about, and the rows that were compared. */
async function taken({ database, schema, parts }: Pick<Twelve, 'database' | 'schema' | 'parts'>) {
  let questions = 0;
  const reader = changedDatabase(database, {
    query: async (sql, bindings, limits) => {
      questions += 1;
      return database.query(sql, bindings, limits);
    },
  });
  const compared: number[] = [];
  const ranges = await parts.takeChanged({ reader, schema, columns: 'decisive' }, 2, (rows) => compared.push(rows));
  return { changed: ranges.map(said), questions, compared: compared.toSorted((one, other) => one - other) };
}

describe.each(ENGINES)('parts that were read on %s', (engine) => {
  it('are compared with one question, and none is named where nothing changed', async () => {
    const stage = await twelve(engine);
    expect(stage.parts.rows).toBe(12);
    expect(await taken(stage)).toEqual({ changed: [], questions: 1, compared: [12] });
    // A column that no decision depends on.
    await stage.database.execute("UPDATE images SET owner = 'another'");
    expect(await taken(stage)).toEqual({ changed: [], questions: 1, compared: [12] });
  });

  it('are named and forgotten where a row changed, and the others stay', async () => {
    const stage = await twelve(engine);
    await stage.database.execute("UPDATE images SET disk_format = 'iso' WHERE id = ?", [idOf(50)]);
    expect(await taken(stage)).toEqual({ changed: ['(30, 60]'], questions: 6, compared: [12] });
    expect(stage.parts.rows).toBe(9);
    // The part that is no neighbour any more is asked about by itself.
    expect(await taken(stage)).toEqual({ changed: [], questions: 2, compared: [3, 6] });
    await stage.database.execute("UPDATE images SET disk_format = 'vhd' WHERE id = ?", [idOf(50)]);
    expect((await taken(stage)).changed).toEqual([]);
  });

  it.each([
    ['in front of all others', 5, '(…, 30]'],
    ['among others', 35, '(30, 60]'],
    ['at the end of a part', 89, '(60, 90]'],
    ['behind the last', 130, '(120, …]'],
  ])('are named where a row was added %s', async (_, place, range) => {
    const stage = await twelve(engine);
    await insert(stage.database, place);
    expect((await taken(stage)).changed).toEqual([range]);
  });

  it.each([
    ['first', [10], ['(…, 30]']],
    ['last', [120], ['(90, 120]']],
    ['last of a part', [60], ['(30, 60]']],
    ['rows of a whole part', [70, 80, 90], ['(60, 90]']],
  ])('are named where the %s was removed', async (_, places, ranges) => {
    const stage = await twelve(engine);
    for (const place of places) await stage.database.execute('DELETE FROM images WHERE id = ?', [idOf(place)]);
    expect((await taken(stage)).changed).toEqual(ranges);
  });

  it('are named where rows came into one that was empty', async () => {
    const stage = await twelve(engine);
    const { database, schema, parts } = stage;
    await database.execute('DELETE FROM images');
    expect((await taken(stage)).changed).toEqual(['(…, 120]']);
    const empty = { after: null, until: schema.scan.kind === 'key' ? idOf(50) : '50' };
    parts.add({ range: empty, digest: NO_ROWS });
    expect((await taken(stage)).changed).toEqual([]);
    await insert(database, 50);
    expect((await taken(stage)).changed).toEqual(['(…, 50]']);
  });

  it('are named where two rows swapped what they hold', async () => {
    const stage = await twelve(engine);
    const swap = async (one: number, other: number): Promise<void> => {
      await stage.database.execute(
        `UPDATE images SET disk_format = CASE disk_format WHEN 'raw' THEN 'qcow2' ELSE 'raw' END WHERE id IN (?, ?)`,
        [idOf(one), idOf(other)],
      );
    };
    await swap(10, 20);
    expect((await taken(stage)).changed).toEqual(['(…, 30]']);
    await swap(50, 120);
    expect((await taken(stage)).changed).toEqual(['(30, 60]', '(90, 120]']);
  });

  it('are joined with their neighbours, and not over what lies between them', async () => {
    const stage = await twelve(engine);
    await stage.database.execute("UPDATE images SET status = 'killed' WHERE id IN (?, ?, ?)", [10, 40, 100].map(idOf));
    expect((await taken(stage)).changed).toEqual(['(…, 60]', '(90, 120]']);
  });

  it('do not hold what others read', async () => {
    const { database, schema, added } = await twelve(engine);
    const [, second, , , last] = added;
    const parts = new ReadParts();
    for (const part of [second, last]) if (part !== undefined) parts.add(part);
    await database.execute("UPDATE images SET status = 'killed' WHERE id IN (?, ?)", [10, 80].map(idOf));
    expect(await taken({ database, schema, parts })).toEqual({ changed: [], questions: 2, compared: [0, 3] });
    await insert(database, 125);
    await insert(database, 45);
    expect((await taken({ database, schema, parts })).changed).toEqual(['(30, 60]', '(120, …]']);
  });

  it('are named where a row of theirs was left out, whatever they hold, and once', async () => {
    const stage = await twelve(engine);
    const part = stage.added[2];
    if (part !== undefined) stage.parts.leaveOut(part);
    expect((await taken(stage)).changed).toEqual(['(60, 90]']);
    if (part !== undefined) stage.parts.add(part);
    expect((await taken(stage)).changed).toEqual([]);
  });

  it('are compared by 50,000 rows at once', async () => {
    const { database, schema, added } = await twelve(engine);
    const sized = async (rows: readonly number[]) => {
      const parts = new ReadParts();
      for (const [index, part] of added.entries())
        parts.add({ ...part, digest: { ...part.digest, rows: rows[index] ?? 0 } });
      return taken({ database, schema, parts });
    };
    const changed = ['(…, 120]'];
    // A list that differs costs a question, and each of several parts another one.
    expect(await sized([20_000, 30_000, 1, 49_999, 0])).toEqual({ changed, questions: 7, compared: [50_000, 50_000] });
    expect(await sized([20_000, 30_001, 19_999, 1, 0])).toEqual({
      changed,
      questions: 7,
      compared: [1, 20_000, 50_000],
    });
    expect((await sized([60_000, 60_000, 60_000, 60_000, 0])).questions).toBe(5);
  });
});
