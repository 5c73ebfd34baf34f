import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { loadCloud } from '../../scripts/fixtures/cloud.ts';
import { ERAS } from '../../scripts/fixtures/eras/eras.ts';
import type { Database, SqlValue } from '../../src/db/database.ts';
import type { PlanSummary } from '../../src/report/plan/report.ts';
import { createPlanSummary } from '../../src/report/plan/summary.ts';
import { countPlan } from '../../src/run/count-plan.ts';
import { plan } from '../../src/run/plan.ts';
import { eraDatabase } from '../glance/support/era-database.ts';
import { startGlance, change } from '../support/cloud/glance-model.ts';
import { type Bench, benchOf, changedDatabase, openBench } from '../support/cloud/migration.ts';
import { emptyGlance } from '../support/servers/database-copy.ts';
import { ENGINES, type EngineName, openForTest } from '../support/servers/engines.ts';

type ContextOptions = Parameters<Bench['context']>[0];

async function counted(bench: Bench, options: ContextOptions = {}): Promise<PlanSummary | string> {
  let summary = createPlanSummary();
  const end = await countPlan(bench.context(options), () => {
    summary = createPlanSummary();
    return (...image) => summary.add(...image);
  });
  return end === 'finished' ? summary.result() : end;
}

/** The oracle: every row by itself, column by column. */
async function oneByOne(bench: Bench): Promise<PlanSummary> {
  const summary = createPlanSummary();
  await plan(bench.context({ columns: 'all' }), (evidence, decision) => void summary.add(evidence, decision));
  return summary.result();
}

describe.each(ENGINES)('on %s, counting gives what deciding row by row gives', { timeout: 600_000 }, (engine) => {
  it.each([5, 2011])('in a cloud of seed %i', async (seed) => {
    const bench = await emptyBench(engine);
    await loadCloud(bench.writer, { images: 3_000, seed });
    const expected = await oneByOne(bench);
    expect([expected.total, expected.undecided.length > 10]).toEqual([3_000, true]);
    for (const pageSize of [113, 2_000, 10_000]) expect(await counted(bench, { pageSize })).toEqual(expected);
  });

  it('in random databases', async () => {
    const bench = await emptyBench(engine);
    await fc.assert(
      fc.asyncProperty(fc.array(image, { maxLength: 40 }), async (images) => {
        await fill(bench.writer, images);
        expect(await counted(bench, { pageSize: 3 })).toEqual(await oneByOne(bench));
      }),
      { numRuns: engine === 'sqlite' ? 100 : 15 },
    );
  });

  it('where images that look alike name kernels that do not', async () => {
    const bench = await emptyBench(engine);
    const ami = { ...PLAIN, disk: 'ami', container: 'ami' };
    const kernels = [
      { ...PLAIN, disk: 'aki', container: 'aki', properties: [] },
      { ...PLAIN, disk: 'qcow2', properties: [] },
      { ...PLAIN, disk: 'aki', container: 'aki', deleted: true, properties: [] },
    ];
    const naming = ['#0', '#0', '#1', '#0', '#1', '#2', '99', '#2', ''].map((value) => ({
      ...ami,
      properties: [{ name: 'kernel_id', value }],
    }));
    await fill(bench.writer, [...kernels, ...naming, { ...ami, properties: [] }]);
    const expected = await oneByOne(bench);
    expect(expected.findings.map(({ code, count }) => [code, count])).toContainEqual(['KERNEL_REF_WRONG_TYPE', 2]);
    expect(await counted(bench)).toEqual(expected);
  });

  it('where names and values hold separators, no text at all, or what Glance never wrote', async () => {
    const bench = await emptyBench(engine);
    const odd = ['\u001e', '\u001d', '\u001f', '', null, 'a\u001eb', '\u0142 kernel', 'vmlinuz'];
    const made = odd.flatMap((name) => [
      { ...PLAIN, name, properties: [] },
      { ...PLAIN, name: 'same', disk: 'RAW ', properties: [{ name: 'img_type', value: name }] },
    ]);
    await fill(bench.writer, made);
    for (const pageSize of [1, 2, 100]) expect(await counted(bench, { pageSize })).toEqual(await oneByOne(bench));
  });
});

describe.each(ENGINES)('every era on %s', { timeout: 600_000 }, (engine) => {
  it.each(ERAS.map(({ name }) => name))('%s', async (name) => {
    const { url } = await eraDatabase(engine, name);
    const bench = await openBench(url);
    const expected = await oneByOne(bench);
    const found = await counted(bench);
    if (found !== 'row-by-row') expect(found).toEqual(expected);
    else expect(bench.schema.shape).toBe(null);
  });
});

describe.each(ENGINES)('while somebody writes on %s', { timeout: 600_000 }, (engine) => {
  it('every row is counted as it was read, and none twice', async () => {
    const bench = await emptyBench(engine);
    const glance = startGlance(await openForTest(bench.url, 'read-write'));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 10, maxLength: 60 }), async (changes) => {
        const waiting = [...changes];
        let before = Promise.resolve();
        const disturbed = changedDatabase(bench.reader, {
          query: async (...statement) => {
            const rows = await bench.reader.query(...statement);
            const next = waiting.pop();
            if (next === undefined || next.kind === 'meddle') return rows;
            // Pages are read side by side, and he does one thing after the other.
            const earlier = before;
            before = (async () => {
              await earlier;
              await glance.apply(next);
            })();
            await before;
            return rows;
          },
        });
        const found = await counted(await benchOf(bench.writer, disturbed), { pageSize: 3 });
        if (typeof found === 'string') throw new Error(found);
        const outcomes = found.tuples.flatMap((tuple) => tuple.outcomes.map(({ count }) => count));
        const made = changes.filter(({ kind }) => kind === 'insert').length;
        expect(Object.values(found.byStatus).every((count) => count >= 0)).toBe(true);
        expect(outcomes.every((count) => count > 0)).toBe(true);
        expect(outcomes.reduce((sum, count) => sum + count, 0)).toBe(found.total);
        const after = Number((await bench.reader.query('SELECT COUNT(*) AS n FROM images'))[0]?.['n']);
        const purged = changes.filter(({ kind }) => kind === 'purge').length;
        expect(found.total).toBeGreaterThanOrEqual(after - made);
        expect(found.total).toBeLessThanOrEqual(after + purged);
        // Now that it is quiet, both are the same again.
        expect(await counted(bench)).toEqual(await oneByOne(bench));
      }),
      { numRuns: engine === 'sqlite' ? 30 : 8 },
    );
  });
});

describe.runIf(ENGINES.includes('postgres'))('block by block on postgres', { timeout: 600_000 }, () => {
  it('rows that move to other blocks meanwhile are counted once, as they were', async () => {
    const bench = await emptyBench('postgres');
    await loadCloud(bench.writer, { images: 3_000, seed: 7 });
    const expected = await oneByOne(bench);
    let pages = 0;
    const reader = changedDatabase(bench.reader, {
      transaction: (work) =>
        bench.reader.transaction((trx) =>
          work({
            execute: trx.execute.bind(trx),
            query: async (...statement) => {
              const rows = await trx.query(...statement);
              if (!String(statement[0]).includes('ctid')) return rows;
              pages += 1;
              // Every row goes to a new block at the end of the table.
              if (pages === 1) await bench.writer.execute("UPDATE images SET status = 'queued', disk_format = 'raw'");
              return rows;
            },
          }),
        ),
    });
    expect(await counted(await benchOf(bench.writer, reader), { pageSize: 500 })).toEqual(expected);
    expect(pages).toBeGreaterThan(2);
  });

  it('a lost connection lets it begin again in the order of the keys', async () => {
    const bench = await emptyBench('postgres');
    await loadCloud(bench.writer, { images: 500, seed: 7 });
    const reader = changedDatabase(bench.reader, {
      transaction: (work) =>
        bench.reader.transaction(async (trx) => {
          await work(trx);
          throw Object.assign(new Error('gone'), { code: 'ECONNRESET' });
        }),
    });
    expect(await counted(await benchOf(bench.writer, reader), { pageSize: 100 })).toEqual(await oneByOne(bench));
  });

  it('an id whose place is not known without the database is read in its order', async () => {
    const bench = await emptyBench('postgres');
    await fill(
      bench.writer,
      ['one', 'two', 'three'].map((name) => ({ ...PLAIN, name, properties: [] })),
    );
    for (const [name, id] of [
      ['one', 'B1'],
      ['two', 'a2'],
      ['three', '_3'],
    ] as const)
      await bench.writer.execute('UPDATE images SET id = ? WHERE name = ?', [id, name]);
    const statements: string[] = [];
    const reader = changedDatabase(bench.reader, {
      query: (...statement) => {
        statements.push(String(statement[0]));
        return bench.reader.query(...statement);
      },
    });
    expect(await counted(await benchOf(bench.writer, reader))).toEqual(await oneByOne(bench));
    expect(statements.some((sql) => sql.includes('ORDER BY i.id'))).toBe(true);
  });
});

describe('row by row', () => {
  it('is asked for where a status is NULL, and where types are not those of Glance', async () => {
    const bench = await emptyBench('sqlite');
    await fill(bench.writer, [{ ...PLAIN, properties: [] }]);
    expect(
      await counted({
        ...bench,
        context: (options) => ({ ...bench.context(options), schema: { ...bench.schema, shape: null } }),
      }),
    ).toBe('row-by-row');
    await bench.writer.execute("UPDATE images SET name = x'00ff'");
    expect(await counted(bench)).toBe('row-by-row');
  });

  it('a stop ends the reading', async () => {
    const bench = await emptyBench('sqlite');
    await fill(
      bench.writer,
      [1, 2, 3].map(() => ({ ...PLAIN, properties: [] })),
    );
    expect(await counted(bench, { pageSize: 1, stop: { requested: () => true } })).toBe('stopped');
  });
});

interface Made {
  readonly disk: string | null;
  readonly container: string | null;
  readonly status: string;
  readonly name: string | null;
  readonly size: number | null;
  readonly minDisk: number;
  readonly deleted: boolean;
  readonly properties: readonly { readonly name: string; readonly value: string | null; readonly lost?: boolean }[];
}

const PLAIN: Made = {
  disk: 'raw',
  container: 'bare',
  status: 'active',
  name: 'one',
  size: 1_000,
  minDisk: 0,
  deleted: false,
  properties: [],
};

/** Few words, so that groups have several members; spellings that a collation takes for the same. */
const image: fc.Arbitrary<Made> = fc.record({
  disk: fc.constantFrom('raw', 'RAW', 'raw ', 'räw', 'qcow2', 'ami', 'aki', 'iso', '', null),
  container: fc.constantFrom('bare', 'Bare', 'ami', 'aki', 'ovf', null),
  status: fc.constantFrom('active', 'active', 'queued', 'killed'),
  name: fc.constantFrom('one', 'debian.iso', 'vmlinuz-6', 'initrd.img', 'my-rootfs', null),
  size: fc.constantFrom(null, 0, 1_000, 30_000_000, 600_000_000),
  minDisk: fc.constantFrom(0, 1),
  deleted: fc.constantFrom(false, false, false, true),
  properties: fc.uniqueArray(
    fc.oneof(
      fc.record({
        name: fc.constantFrom('os_distro', 'img_type', 'image_type', 'instance_uuid', 'bdm_v2', 'architecture'),
        value: fc.constantFrom('partition', 'snapshot', 'true', '', null),
        lost: fc.constantFrom(false, false, true),
      }),
      // Places of images in the list; others lead nowhere.
      fc.record({
        name: fc.constantFrom('kernel_id', 'ramdisk_id'),
        value: fc.constantFrom('#0', '#1', '#2', '#7', 'nokernel', '', '99'),
      }),
    ),
    { maxLength: 3, selector: ({ name }) => name },
  ),
});

const MADE = '2026-01-02 03:04:05';
let rounds = 0;

async function fill(database: Database, images: readonly Made[]): Promise<void> {
  rounds += 1;
  const [no, yes] = ['0', '1'];
  const idOf = (index: number): string => {
    const place = (((index + rounds) * 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
    return `${place}-0000-4000-8000-${String(index).padStart(12, '0')}`;
  };
  const named = (value: string | null): string | null =>
    value?.startsWith('#') === true ? idOf(Number(value.slice(1))) : value;
  const rows = images.map((made, index): SqlValue[] => [
    idOf(index),
    made.name,
    made.size,
    made.status,
    made.disk,
    made.container,
    made.minDisk,
    made.deleted ? yes : no,
    MADE,
    0,
    no,
    'shared',
    no,
  ]);
  const columns =
    'id name size status disk_format container_format min_disk deleted created_at min_ram protected visibility os_hidden';
  const properties = images.flatMap((made, index) =>
    made.properties.map(({ name, value, lost = false }): SqlValue[] => [
      idOf(index),
      name,
      named(value),
      lost ? yes : no,
      MADE,
    ]),
  );
  await database.transaction(async (trx) => {
    await trx.execute('DELETE FROM image_properties');
    await trx.execute('DELETE FROM images');
    await database.dialect.insertRows(trx, 'images', columns.split(' '), rows);
    await database.dialect.insertRows(
      trx,
      'image_properties',
      ['image_id', 'name', 'value', 'deleted', 'created_at'],
      properties,
    );
  });
}

async function emptyBench(engine: EngineName): Promise<Bench & { readonly url: string }> {
  const url = await emptyGlance(engine);
  return { ...(await openBench(url)), url };
}
