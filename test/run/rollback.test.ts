import { describe, expect, it } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import type { LeaseScope } from '../../src/journal/lease.ts';
import { Differences } from '../../src/run/verify/differences.ts';
import type { Target } from '../../src/journal/meta.ts';
import { rollback } from '../../src/run/rollback.ts';
import { requireExpanded } from '../../src/run/preflight.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../support/servers/engines.ts';
import {
  COLUMNS,
  columnNames,
  holdLease,
  openBench,
  runExpand,
  runMigrate,
  runRollback,
  runVerify,
  schemaText,
  TABLE,
  tableDigest,
  type Bench,
} from '../support/cloud/migration.ts';

const shard = (number: number, of: number): LeaseScope => ({ kind: 'shard', shard: number, of });

describe.each(ENGINES)('rollback of a run in shards and lanes on %s', (engine) => {
  it.each([COLUMNS, TABLE])('leaves nothing behind, whatever part of it was done ($kind)', async (target) => {
    for (const done of [[1], [3], [2, 1], [1, 2, 3]]) {
      const { bench, columns, digest, schema } = await expanded(engine, target);
      let written = 0;
      for (const number of done)
        written += (await runMigrate(bench, { scope: shard(number, 3), lanes: 4, pageSize: 5 })).written;
      const undone = await runRollback(bench, { kind: 'everything' });
      expect([done, undone.undone, undone.conflictCount, undone.runs]).toEqual([done, written, 0, [1]]);
      expect([done, await tableDigest(bench.writer, 'images', columns)]).toEqual([done, digest]);
      expect([done, await schemaText(bench.writer)]).toEqual([done, schema]);
    }
  });

  it('that is stopped half-way is made good by the shards, each of them its own part', async () => {
    const whole = (await expanded(engine, COLUMNS)).bench;
    await runMigrate(whole);
    const { bench } = await expanded(engine, COLUMNS);
    const first = await runMigrate(bench, { scope: shard(1, 2) });
    const undone = await stoppedRollback(bench);
    expect(undone).toBeGreaterThan(0);
    expect(undone).toBeLessThan(first.written);
    // It says so of exactly what is missing, whether it was taken back or not written yet.
    const [live] = await bench.writer.query('SELECT COUNT(*) AS n FROM images WHERE NOT deleted');
    expect((await runVerify(bench)).differences).toEqual({
      ...new Differences().counts,
      'not-migrated': Number(live?.['n']) - (first.written - undone),
    });

    const again = await runMigrate(bench, { scope: shard(1, 2) });
    expect([again.written, again.runEnd]).toEqual([undone, { kind: 'open', left: [2] }]);
    const second = await runMigrate(bench, { scope: shard(2, 2) });
    expect(second.runEnd).toEqual({ kind: 'complete' });
    expect(await results(bench)).toEqual(await results(whole));
    expect((await runVerify(bench)).sample).toEqual([]);
  });

  it('that is stopped half-way goes on where it stopped', async () => {
    const { bench, columns, digest, schema } = await expanded(engine, COLUMNS);
    const { written } = await runMigrate(bench, { scope: shard(1, 2), lanes: 3 });
    const undone = await stoppedRollback(bench);
    expect((await runRollback(bench, { kind: 'everything' })).undone).toBe(written - undone);
    expect(await tableDigest(bench.writer, 'images', columns)).toBe(digest);
    expect(await schemaText(bench.writer)).toBe(schema);
  });

  it('of the run alone lets the shards begin another one, cut anew', async () => {
    const { bench } = await expanded(engine, COLUMNS);
    await runMigrate(bench, { scope: shard(1, 2) });
    await runRollback(bench, { kind: 'from-run', runId: 1 });
    for (const number of [3, 1, 2]) {
      const { run, share } = await runMigrate(bench, { scope: shard(number, 3) });
      expect([run.id, share.shard]).toEqual([2, { shard: number, of: 3 }]);
    }
    expect((await runVerify(bench)).sample).toEqual([]);
    const states = await bench.writer.query('SELECT state FROM retype_runs ORDER BY id');
    expect(states.map((row) => row['state'])).toEqual(['rolled-back', 'complete']);
  });
});

/** @returns rows taken back before it was stopped. */
async function stoppedRollback(bench: Bench): Promise<number> {
  const lease = await holdLease(bench.writer);
  let pages = 0;
  const stop = { requested: () => (pages += 1) >= 2 };
  const result = await rollback(bench.context({ stop }), lease, await requireExpanded(bench.writer), {
    kind: 'everything',
  });
  await lease.release();
  expect(result.end).toBe('stopped');
  return result.undone;
}

interface Expanded {
  readonly bench: Bench;
  /** Of `images`, with a digest of what they held, and the schema, before expand. */
  readonly columns: readonly string[];
  readonly digest: string;
  readonly schema: string;
}

async function expanded(engine: EngineName, target: Target): Promise<Expanded> {
  const { url } = await withFreshDatabase(engine);
  await createEra(await openForTest(url), eraNamed('newest'));
  const bench = await openBench(url);
  const columns = await columnNames(bench.writer, 'images');
  const digest = await tableDigest(bench.writer, 'images', columns);
  const schema = await schemaText(bench.writer);
  await runExpand(bench, target);
  return { bench, columns, digest, schema };
}

async function results({ writer }: Bench): Promise<unknown> {
  return {
    images: await writer.query('SELECT id, image_type, container_type, envelope FROM images ORDER BY id'),
    journal: await writer.query('SELECT image_id, run_id, decision_key FROM retype_journal ORDER BY image_id'),
    states: await writer.query('SELECT state FROM retype_runs'),
  };
}
