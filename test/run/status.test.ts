import { describe, expect, it } from 'vitest';

import { loadCloud } from '../../scripts/fixtures/cloud.ts';
import { runStatements } from '../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../scripts/fixtures/eras/eras.ts';
import { type RunProgress, readStatus, type Status } from '../../src/run/status.ts';
import {
  type Bench,
  COLUMNS,
  openBench,
  runExpand,
  runMigrate,
  stopAfterOneBatch,
} from '../support/cloud/migration.ts';
import { type EngineName, ENGINES, openForTest, withFreshDatabase } from '../support/servers/engines.ts';

describe.each(ENGINES)('the status of a run on %s', (engine) => {
  it('counts what the first pass has done of all rows, until the run is complete', async () => {
    const bench = await expandedCloud(engine, 30);
    expect((await expandedStatus(bench)).progress).toBeNull();
    await runMigrate(bench, { pageSize: 10, ...stopAfterOneBatch() });
    const first = await expandedStatus(bench);
    expect(first.progress).toMatchObject({ run: 1, done: 10, total: 30, rowsPerSecond: null, shards: [] });
    expect(first.progress?.lastBatchAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/u);
    await runMigrate(bench, { pageSize: 10 });
    expect((await expandedStatus(bench)).progress).toBeNull();
  });

  it('counts each shard of a run that is cut', async () => {
    const bench = await expandedCloud(engine, 30);
    await runMigrate(bench, { pageSize: 5, scope: { kind: 'shard', shard: 2, of: 3 } });
    await runMigrate(bench, { pageSize: 5, scope: { kind: 'shard', shard: 1, of: 3 }, ...stopAfterOneBatch() });
    const { progress } = await expandedStatus(bench);
    expect([progress?.done, progress?.total]).toEqual([15, 30]);
    expect(progress?.shards.map(shardText)).toEqual(['1/3 open 5/10', '2/3 complete 10/10', '3/3 open 0/10']);
  });

  it('knows the pace while a migrate holds the lease, and who has fallen silent', async () => {
    const bench = await expandedCloud(engine, 30);
    await runMigrate(bench, { pageSize: 10, ...stopAfterOneBatch() });
    await runMigrate(bench, { pageSize: 10, ...stopAfterOneBatch() });
    await bench.writer.execute("UPDATE retype_batches SET committed_at = '2026-11-30T12:00:00Z' WHERE batch = 1");
    await bench.writer.execute("UPDATE retype_batches SET committed_at = '2026-11-30T12:00:04Z' WHERE batch = 2");
    await holdNow(bench, 0);
    const working = await expandedStatus(bench);
    const expected = { done: 20, total: 30, rowsPerSecond: 2.5, lastBatchAt: '2026-11-30T12:00:04Z' };
    expect([working.progress, working.leases.length, working.silent]).toEqual([
      expect.objectContaining(expected),
      1,
      [],
    ]);
    await holdNow(bench, 31_000);
    const { progress, leases, silent } = await expandedStatus(bench);
    expect([progress?.rowsPerSecond, leases, silent.map(({ host }) => host)]).toEqual([null, [], ['ctl1']]);
  });
});

/** Makes the lease look held by a migrate whose last sign of life is so many milliseconds ago. */
async function holdNow({ writer }: Bench, milliseconds: number): Promise<void> {
  await writer.execute(
    `UPDATE retype_lease SET owner = 'uuid', host = 'ctl1', process = 'a/b/7/c', purpose = 'migrate',
     heartbeat_ms = ${writer.dialect.nowMs} - ${milliseconds} WHERE id = 1`,
  );
}

function shardText({ shard, of, state, done, total }: RunProgress['shards'][number]): string {
  return `${shard}/${of} ${state} ${done}/${total}`;
}

async function expandedCloud(engine: EngineName, images: number): Promise<Bench> {
  const { url } = await withFreshDatabase(engine);
  const database = await openForTest(url);
  await runStatements(database, newestSchema(database.dialect.name));
  await loadCloud(database, { images, seed: 5 });
  const bench = await openBench(url);
  await runExpand(bench, COLUMNS);
  return bench;
}

async function expandedStatus({ reader }: Bench): Promise<Extract<Status, { kind: 'expanded' }>> {
  const status = await readStatus(reader);
  if (status.kind !== 'expanded') throw new Error(`it is ${status.kind}`);
  return status;
}
