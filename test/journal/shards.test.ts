import { describe, expect, it } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import { positionColumn, WHOLE_TABLE } from '../../src/glance/tables/scan-order.ts';
import { makeShards, readShards } from '../../src/journal/shards.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../support/servers/engines.ts';
import { COLUMNS, openBench, runExpand, type Bench } from '../support/cloud/migration.ts';

describe.each(ENGINES)('a cut into shards on %s', (engine) => {
  it.each([1, 2, 3, 7])('into %i has parts of about the same size that are the whole together', async (of) => {
    const bench = await expanded(engine, 'newest');
    const positions = await positionsOf(bench);
    await makeShards(bench.writer, bench.schema, 1, of);
    const shards = await readShards(bench.reader, 1, of);
    expect(shards.map(({ shard, state }) => [shard, state])).toEqual(
      Array.from({ length: of }, (_, index) => [index + 1, 'open']),
    );
    const ends = shards.map(({ range }) =>
      range.until === null ? positions.length : positions.indexOf(range.until) + 1,
    );
    expect(shards.map(({ range }) => range.after)).toEqual([
      null,
      ...shards.slice(0, -1).map(({ range }) => range.until),
    ]);
    const sizes = ends.map((end, index) => end - (ends[index - 1] ?? 0));
    for (const size of sizes.slice(0, -1)) expect(size).toBe(Math.floor(positions.length / of));
  });

  it('gives everything to the shards that there are rows for, and nothing to the others', async () => {
    const bench = await expanded(engine, 'newest');
    for (const table of ['image_properties', 'image_members', 'image_tags', 'image_locations']) {
      await bench.writer.execute(`DELETE FROM ${table}`);
    }
    const [kept = '', ...gone] = (await bench.writer.query('SELECT id FROM images')).map((row) => String(row['id']));
    for (const id of gone) await bench.writer.execute('DELETE FROM images WHERE id = ?', [id]);
    await makeShards(bench.writer, bench.schema, 1, 3);
    const [first, ...others] = await readShards(bench.reader, 1, 3);
    expect(first?.range.after).toBeNull();
    expect([first?.state, ...others.map(({ state }) => state)]).toEqual(['open', 'open', 'complete']);
    await bench.writer.execute('DELETE FROM images WHERE id = ?', [kept]);
    await makeShards(bench.writer, bench.schema, 2, 3);
    expect((await readShards(bench.reader, 2, 3)).map(({ range, state }) => [range, state])).toEqual([
      [WHOLE_TABLE, 'open'],
      [WHOLE_TABLE, 'complete'],
      [WHOLE_TABLE, 'complete'],
    ]);
  });
});

async function expanded(engine: EngineName, era: string): Promise<Bench> {
  const fresh = await withFreshDatabase(engine);
  await createEra(await openForTest(fresh.url), eraNamed(era));
  const bench = await openBench(fresh.url);
  await runExpand(bench, COLUMNS);
  return bench;
}

/** Positions of all rows, in scan order. */
async function positionsOf({ reader, schema }: Bench): Promise<readonly string[]> {
  const position = positionColumn(schema, 'i');
  const rows = await reader.query(`SELECT ${position} AS position FROM images i ORDER BY ${position}`);
  return rows.map((row) => String(row['position']));
}
