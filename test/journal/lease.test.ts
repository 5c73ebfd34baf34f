import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import { acquireLease } from '../../src/journal/acquire-lease.ts';
import { readLeases } from '../../src/journal/lease.ts';
import { ENGINES, openForTest, withFreshDatabase } from '../support/engines.ts';
import { NO_BRAKE } from '../../src/run/brake.ts';
import { COLUMNS, holdLease, openBench, runExpand, runMigrate, type Bench } from '../support/migration.ts';

describe.each(ENGINES)('the lease on %s', (engine) => {
  async function expanded(): Promise<Bench & { readonly url: string }> {
    const fresh = await withFreshDatabase(engine);
    await createEra(await openForTest(fresh.url), eraNamed('queens'));
    const bench = await openBench(fresh.url);
    await runExpand(bench, COLUMNS);
    return { ...bench, url: fresh.url };
  }

  const holder = () => ({ owner: randomUUID(), host: 'elsewhere', process: 'p', purpose: 'migrate' });

  it('lets one runner in and names it to the second', async () => {
    const bench = await expanded();
    const lease = await holdLease(bench.writer);
    await expect(acquireLease(bench.writer, holder(), () => false)).rejects.toMatchObject({ code: 'LEASE_HELD' });
    await expect(runMigrate(bench)).rejects.toThrow(/held for test by test/u);
    await lease.release();
    await (await acquireLease(bench.writer, holder(), () => false)).release();
  });

  it('can be taken over when it ran out or its process is dead, and fences the former holder', async () => {
    const bench = await expanded();
    const old = await holdLease(bench.writer);
    const taken = await acquireLease(bench.writer, holder(), () => true);
    expect(taken.epoch).toBe(old.epoch + 1n);
    await expect(bench.writer.transaction(async (trx) => old.assertHeld(trx))).rejects.toMatchObject({
      code: 'LEASE_LOST',
    });
    await old.release();
    expect((await readLeases(bench.writer, bench.writer.dialect.nowMs))[0]?.owner).not.toBeNull();

    await bench.writer.execute('UPDATE retype_lease SET expires_ms = 1 WHERE id = 1');
    const next = await acquireLease(bench.writer, holder(), () => false);
    expect(next.epoch).toBe(old.epoch + 2n);
  });

  it('that is lost in the middle of a run rolls the batch in hand back and stops the run', async () => {
    const bench = await expanded();
    let stolen = false;
    const run = runMigrate(bench, {
      pageSize: 5,
      onEvent: (event) => {
        if (event.kind === 'progress' && event.done > 0 && !stolen) {
          stolen = true;
          void bench.writer.execute('UPDATE retype_lease SET epoch = epoch + 1 WHERE id = 1');
        }
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'LEASE_LOST' });
    const [batches] = await bench.writer.query('SELECT COUNT(*) AS n FROM retype_batches');
    const [rows] = await bench.writer.query(
      'SELECT COUNT(*) AS n FROM retype_images r WHERE NOT EXISTS (SELECT 1 FROM retype_batches b WHERE b.batch = r.batch)',
    );
    expect(Number(batches?.['n'])).toBeGreaterThan(0);
    expect(Number(rows?.['n'])).toBe(0);
  });

  it('that was lost to a run which has written the same batches is what the former holder ends with', async () => {
    const bench = await expanded();
    const other = await openBench(bench.url);
    let taken: unknown = null;
    const run = runMigrate(bench, {
      pageSize: 5,
      lanes: 1,
      brake: {
        ...NO_BRAKE,
        after: async () => {
          if (taken !== null) return;
          taken = 'begun';
          await other.writer.execute('UPDATE retype_lease SET expires_ms = 1 WHERE id = 1');
          await runMigrate(other, { pageSize: 5 });
          taken = await batches(other);
        },
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(await batches(bench)).toEqual(taken);
  });

  const batches = async ({ writer }: Bench) => writer.query('SELECT batch, uuid FROM retype_batches ORDER BY batch');
});
