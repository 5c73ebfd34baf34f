import { describe, expect, it } from 'vitest';

import { createEra } from '../../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../../scripts/fixtures/eras/eras.ts';
import { Random } from '../../../scripts/fixtures/cloud/random.ts';
import type { LeaseScope } from '../../../src/journal/lease.ts';
import { WHOLE } from '../../../src/journal/lease.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../../support/servers/engines.ts';
import {
  COLUMNS,
  openBench,
  runExpand,
  runMigrate,
  runRollback,
  runVerify,
  TABLE,
  type Bench,
} from '../../support/cloud/migration.ts';

const shard = (number: number, of: number): LeaseScope => ({ kind: 'shard', shard: number, of });

describe.each(ENGINES)('a run in shards on %s', (engine) => {
  it.each([COLUMNS, TABLE])(
    'ends as one in one piece does, whoever begins and in whatever order ($kind)',
    async (target) => {
      const whole = await expanded(engine, target);
      await runMigrate(whole);
      const expected = await endState(whole);

      const parts = await expanded(engine, target);
      const ends: unknown[] = [];
      for (const number of [2, 3, 1]) {
        const { end, runEnd, run, share } = await runMigrate(parts, { scope: shard(number, 3), pageSize: 5 });
        expect([end, run.id, share.shard]).toEqual(['complete', 1, { shard: number, of: 3 }]);
        ends.push(runEnd);
      }
      expect(ends).toEqual([{ kind: 'open', left: [1, 3] }, { kind: 'open', left: [1] }, { kind: 'complete' }]);
      expect(await endState(parts)).toEqual(expected);
      expect(await countsOf(parts)).toEqual(await countsOf(whole));
      expect((await runVerify(parts)).sample).toEqual([]);
    },
  );

  it('ends as one in one piece does with all shards at work at the same time', async () => {
    const whole = await expanded(engine, COLUMNS);
    await runMigrate(whole);
    const parts = await expanded(engine, COLUMNS);
    const processes = await Promise.all([1, 2, 3].map(async () => openBench(parts.url)));
    const results = await Promise.all(
      processes.map((bench, index) => runMigrate(bench, { scope: shard(index + 1, 3), pageSize: 3 })),
    );
    expect(new Set(results.map(({ run }) => run.id))).toEqual(new Set([1]));
    expect(results.filter(({ runEnd }) => runEnd.kind === 'complete')).toHaveLength(1);
    expect(await endState(parts)).toEqual(await endState(whole));
    expect(await countsOf(parts)).toEqual(await countsOf(whole));
    const numbers = await parts.writer.query('SELECT batch, uuid FROM retype_batches');
    expect(new Set(numbers.map((row) => Number(row['batch']))).size).toBe(numbers.length);
  });

  it('ends as one in one piece does, however it is stopped, cut anew and taken over', async () => {
    const whole = await expanded(engine, COLUMNS);
    await runMigrate(whole);
    const expected = await endState(whole);
    for (const seed of [1, 2, 3]) {
      const random = new Random(seed);
      const parts = await expanded(engine, COLUMNS);
      let scopes: readonly LeaseScope[] = [];
      for (let step = 0; step < 40; step += 1) {
        // Somebody stops everything now and then, and goes on with another cut, or in one piece.
        if (step % 7 === 0) {
          const of = random.between(1, 5);
          scopes = of === 5 ? [WHOLE] : Array.from({ length: of }, (_, index) => shard(index + 1, of));
        }
        let batches = random.below(4);
        const stop = { requested: () => (batches -= 1) < 0 };
        await runMigrate(parts, {
          scope: random.pick(scopes as [LeaseScope]),
          pageSize: random.between(1, 9),
          lanes: random.between(1, 3),
          stop,
        });
        const [open] = await parts.writer.query("SELECT id FROM retype_runs WHERE state = 'active'");
        if (open === undefined) break;
      }
      // What is left, whatever it is.
      await runMigrate(parts, { scope: WHOLE });
      expect([seed, await endState(parts)]).toEqual([seed, expected]);
      expect((await runVerify(parts)).sample).toEqual([]);
    }
  });

  it('takes what came into its part meanwhile, and leaves what came into others to these', async () => {
    const bench = await expanded(engine, COLUMNS);
    await runMigrate(bench, { scope: shard(1, 2) });
    await runMigrate(bench, { scope: shard(2, 2) });
    const [newcomer] = await bench.writer.query(`SELECT image_id FROM retype_images WHERE status = 'inferred'`);
    const id = String(newcomer?.['image_id']);
    await runRollback(bench, { kind: 'image', imageId: id });
    const written = [
      (await runMigrate(bench, { scope: shard(1, 2) })).written,
      (await runMigrate(bench, { scope: shard(2, 2) })).written,
    ];
    expect(written.toSorted((one, other) => one - other)).toEqual([0, 1]);
    expect((await runVerify(bench)).sample).toEqual([]);
  });
});

interface Opened extends Bench {
  readonly url: string;
}

async function expanded(engine: EngineName, target: typeof COLUMNS): Promise<Opened> {
  const { url } = await withFreshDatabase(engine);
  await createEra(await openForTest(url), eraNamed('newest'));
  const bench = await openBench(url);
  await runExpand(bench, target);
  return { ...bench, url };
}

/** What must not depend on who wrote it: results and journal, but not the numbers of batches. */
async function endState({ writer }: Bench): Promise<unknown> {
  const columns = (await writer.dialect.describeTable(writer, 'images'))?.columns.map(({ name }) => name) ?? [];
  return {
    images: await writer.query(`SELECT ${columns.join(', ')} FROM images ORDER BY id`),
    journal: await writer.query(
      `SELECT image_id, run_id, status, image_type, container_type, envelope, rule, decision_key, candidates, evidence, findings,
              legacy_disk_format, legacy_container_format, glance_status FROM retype_images ORDER BY image_id`,
    ),
  };
}

async function countsOf({ writer }: Bench): Promise<unknown> {
  return writer.query('SELECT state, counts FROM retype_runs');
}
