import { describe, expect, it } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import type { Target } from '../../src/journal/meta.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../support/servers/engines.ts';
import { otherRules } from '../support/cloud/other-rules.ts';
import {
  COLUMNS,
  openBench,
  runExpand,
  runMigrate,
  runRollback,
  runVerify,
  TABLE,
  terms,
  type Bench,
} from '../support/cloud/migration.ts';

describe.each(ENGINES)('a second run with other rules on %s', (engine) => {
  it.each([COLUMNS, TABLE])(
    'replaces decisions, and rolling it back restores the first run ($kind)',
    async (target) => {
      const bench = await expandedBench(engine, target);
      await runMigrate(bench);
      const first = await results(bench, target);

      const second = await runMigrate(bench, { decide: otherRules }, terms('1'.repeat(64)));
      expect(second.run.id).toBe(2);
      expect(second.written).toBeGreaterThan(10);
      expect((await runVerify(bench, otherRules)).sample).toEqual([]);
      expect((await runVerify(bench)).differences['decision-changed']).toBeGreaterThan(10);
      expect(await results(bench, target)).not.toEqual(first);

      const undone = await runRollback(bench, { kind: 'from-run', runId: 2 });
      expect(undone.undone).toBe(second.written);
      expect(await results(bench, target)).toEqual(first);
      expect((await runVerify(bench)).sample).toEqual([]);
    },
  );

  it('undoes one image or one owner without touching the others', async () => {
    const bench = await expandedBench(engine, COLUMNS);
    await runMigrate(bench);
    const [some] = await bench.writer.query(
      'SELECT i.id, i.owner FROM images i WHERE i.image_type IS NOT NULL AND i.owner IS NOT NULL ORDER BY i.id',
    );
    const id = String(some?.['id']);
    expect((await runRollback(bench, { kind: 'image', imageId: id })).undone).toBe(1);
    const verified = await runVerify(bench);
    expect(verified.sample.map((difference) => difference.imageId)).toEqual([id]);

    await runMigrate(bench);
    const undone = await runRollback(bench, { kind: 'owner', owner: String(some?.['owner']) });
    expect(undone.undone).toBeGreaterThan(0);
    const left = await bench.writer.query('SELECT id FROM images WHERE owner = ? AND image_type IS NOT NULL', [
      String(some?.['owner']),
    ]);
    expect(left).toEqual([]);
  });
});

async function expandedBench(engine: EngineName, target: Target): Promise<Bench> {
  const fresh = await withFreshDatabase(engine);
  await createEra(await openForTest(fresh.url), eraNamed('newest'));
  const bench = await openBench(fresh.url);
  await runExpand(bench, target);
  return bench;
}

async function results(bench: Bench, target: Target): Promise<unknown> {
  const journal = await bench.writer.query('SELECT * FROM retype_images ORDER BY image_id');
  const columns =
    target.kind === 'columns'
      ? await bench.writer.query('SELECT id, image_type, container_type, envelope FROM images ORDER BY id')
      : [];
  return { journal, columns };
}
