import { describe, expect, it } from 'vitest';

import { explain } from '../../src/run/explain.ts';
import { ENGINES, type EngineName } from '../support/servers/engines.ts';
import {
  COLUMNS,
  openBench,
  runExpand,
  runMigrate,
  runPlan,
  runRollback,
  shipped,
  TABLE,
  terms,
  type Bench,
} from '../support/cloud/migration.ts';
import { storeFixture } from './support/image-store.ts';

const {
  table,
  foreseen: { predict },
} = shipped;

const KERNEL = 'f0f0f0f0-0000-4000-8000-00000000000a';
const OWNER = 'aaaaaaaa-0000-4000-8000-000000000001';
const RAW = 'bbbbbbbb-0000-4000-8000-000000000002';
const GONE = 'cccccccc-0000-4000-8000-000000000003';

async function cloud(engine: EngineName): Promise<Bench> {
  const store = await storeFixture(engine);
  await store.add(null, { id: KERNEL, disk: 'aki', container: 'aki', size: 5_000_000 });
  await store.add(null, { id: OWNER, disk: 'ami', container: 'ami', size: 5_000_000 });
  await store.add(null, { id: RAW, disk: 'raw', container: 'bare', size: 5_000_000 });
  await store.add(null, { id: GONE, disk: 'raw', container: 'bare', size: 5_000_000 });
  const [yes, no] = engine === 'postgres' ? ['true', 'false'] : ['1', '0'];
  await store.database.execute(`UPDATE images SET deleted = ${yes} WHERE id = ?`, [GONE]);
  await store.database.execute(
    `INSERT INTO image_properties (image_id, name, value, created_at, deleted) VALUES (?, 'kernel_id', ?, '2020-01-01 00:00:00', ${no})`,
    [OWNER, KERNEL],
  );
  return openBench(store.url);
}

async function explained(bench: Bench, id: string) {
  const explanation = await explain({ ...bench.context(), table, predict }, id);
  if (explanation === null) throw new Error('nobody asked for a stop');
  return explanation;
}

const stored = async (bench: Bench, id: string) => {
  const { stored: state } = await explained(bench, id);
  if (state.kind !== 'expanded') throw new Error(`the database is ${state.kind}`);
  return state;
};

describe.each(ENGINES)('explain on %s', (engine) => {
  it('sees each image as plan does, before expand and after, and writes nothing', async () => {
    const bench = await cloud(engine);
    const planned = await runPlan(bench, { columns: 'all' });
    for (const { evidence, decision } of planned) {
      const explanation = await explained(bench, evidence.image.id);
      expect(explanation.evidence).toEqual(evidence);
      expect(explanation.decision).toEqual(decision);
      expect(explanation.trace.decision).toEqual(decision);
      expect(explanation.stored).toEqual({ kind: 'not-expanded' });
    }
    expect(planned).toHaveLength(4);
    await runExpand(bench, COLUMNS);
    expect(await stored(bench, RAW)).toMatchObject({
      comparison: 'not-stored',
      current: null,
      results: { imageType: null },
    });
  });

  it('tells run, batch, values and evidence of what is stored, and whether it still stands', async () => {
    const bench = await cloud(engine);
    await runExpand(bench, COLUMNS);
    await runMigrate(bench);
    expect(await stored(bench, OWNER)).toMatchObject({
      comparison: 'same',
      target: 'columns',
      current: {
        runId: 1,
        status: 'exact',
        imageType: 'filesystem',
        containerType: 'raw',
        rule: 'OWN-KERNEL',
        legacyDiskFormat: 'ami',
        committed: { pass: 1, uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown },
        evidence: {
          evidence: expect.arrayContaining([{ kind: 'property', detail: `kernel_id=${KERNEL} (live)` }]) as unknown,
        },
      },
      run: { id: 1, state: 'complete', rulesDigest: table.digest },
      results: { imageType: 'filesystem', containerType: 'raw', envelope: null, integrity: 'as-stored' },
      earlier: [],
    });
    expect((await stored(bench, RAW)).current?.evidence?.candidates).toContain('iso9660/raw');
    expect(await stored(bench, GONE)).toMatchObject({ comparison: 'deleted', current: null });

    await bench.writer.execute('DELETE FROM image_properties WHERE image_id = ?', [OWNER]);
    expect((await stored(bench, OWNER)).comparison).toBe('decision-changed');
    await bench.writer.execute(`UPDATE images SET disk_format = 'iso' WHERE id = ?`, [RAW]);
    expect((await stored(bench, RAW)).comparison).toBe('legacy-changed');
    await bench.writer.execute(`UPDATE images SET image_type = 'other' WHERE id = ?`, [KERNEL]);
    expect((await stored(bench, KERNEL)).results).toMatchObject({ imageType: 'other', integrity: 'changed' });
  });

  it('tells what a later run replaced, and nothing more once it is rolled back', async () => {
    const bench = await cloud(engine);
    await runExpand(bench, TABLE);
    await runMigrate(bench);
    await bench.writer.execute('DELETE FROM image_properties WHERE image_id = ?', [OWNER]);
    await runMigrate(bench, {}, { ...terms('another digest') });
    expect(await stored(bench, OWNER)).toMatchObject({
      comparison: 'same',
      results: null,
      current: { runId: 2, status: 'ambiguous' },
      run: { id: 2, rulesDigest: 'another digest' },
      earlier: [{ supersededBy: 2, runId: 1, status: 'exact', rule: 'OWN-KERNEL', committed: { pass: 1 } }],
    });
    await runRollback(bench, { kind: 'image', imageId: OWNER });
    expect(await stored(bench, OWNER)).toMatchObject({ comparison: 'not-stored', current: null, earlier: [] });
  });

  it('keeps the answer of a decide function beside the trace of the rules', async () => {
    const bench = await cloud(engine);
    const decide: typeof shipped.decide = (evidence) => ({
      ...shipped.decide(evidence),
      answered: { answer: 'a-1', question: null, agreement: 'candidate' },
    });
    const explanation = await explain({ ...bench.context({ decide }), table, predict }, RAW);
    expect(explanation?.decision.answered?.answer).toBe('a-1');
    expect(explanation?.trace.decision.answered).toBeUndefined();
  });

  it('refuses an id that no row has', async () => {
    const bench = await cloud(engine);
    for (const id of ['nope', '', RAW.slice(0, 8), "' OR '1'='1"]) {
      await expect(explained(bench, id)).rejects.toMatchObject({ code: 'NO_SUCH_IMAGE' });
    }
  });
});
