import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import { acquireLease } from '../../src/journal/acquire-lease.ts';
import { heldLease, readLeases, WHOLE } from '../../src/journal/lease.ts';
import { ENGINES, openForTest, withFreshDatabase } from '../support/servers/engines.ts';
import { NO_BRAKE } from '../../src/run/steering/brake.ts';
import type { Database } from '../../src/db/database.ts';
import {
  changedDatabase,
  COLUMNS,
  holdLease,
  keepAliveForTest,
  openBench,
  runExpand,
  runMigrate,
  WATCHING,
  type Bench,
} from '../support/cloud/migration.ts';

describe.each(ENGINES)('the lease on %s', (engine) => {
  async function expanded(): Promise<Bench & { readonly url: string }> {
    const fresh = await withFreshDatabase(engine);
    await createEra(await openForTest(fresh.url), eraNamed('queens'));
    const bench = await openBench(fresh.url);
    await runExpand(bench, COLUMNS);
    return { ...bench, url: fresh.url };
  }

  const holder = () => ({ owner: randomUUID(), host: 'elsewhere', process: 'p', purpose: 'migrate' });

  it('lets one runner in and names it to the second as soon as it gives a sign of life', async () => {
    const bench = await expanded();
    const lease = await holdLease(bench.writer);
    const end = keepAliveForTest(lease);
    const told: string[] = [];
    const watching = { ...WATCHING, onWatch: (text: string) => told.push(text) };
    await expect(acquireLease(bench.writer, holder(), () => false, WHOLE, watching)).rejects.toMatchObject({
      code: 'LEASE_HELD',
    });
    expect(told).toEqual([
      expect.stringMatching(/^waiting to see whether test on test, process .* is alive, up to 3 s$/u),
    ]);
    await expect(runMigrate(bench)).rejects.toThrow(/held for test by test/u);
    await end();
    await lease.release();
    await (await acquireLease(bench.writer, holder(), () => false)).release();
    expect(told).toHaveLength(1);
  });

  it('can be taken over when it was silent or its process is dead, and fences the former holder', async () => {
    const bench = await expanded();
    const old = await holdLease(bench.writer);
    const taken = await acquireLease(bench.writer, holder(), () => true);
    expect(taken.epoch).toBe(old.epoch + 1n);
    await expect(bench.writer.transaction(async (trx) => old.assertHeld(trx))).rejects.toMatchObject({
      code: 'LEASE_LOST',
    });
    await old.release();
    expect((await readLeases(bench.writer, bench.writer.dialect.nowMs))[0]?.owner).not.toBeNull();

    const next = await acquireLease(bench.writer, holder(), () => false, WHOLE, WATCHING);
    expect(next.epoch).toBe(old.epoch + 2n);
    await expect(taken.extend()).rejects.toMatchObject({ code: 'LEASE_LOST' });
  });

  it('is not taken from one who lives, however wrong the clock of the server is', async () => {
    const bench = await expanded();
    const lease = await holdLease(bench.writer);
    // Its signs of life carry times of long ago, then of long after, as those of nodes of a cluster may.
    const { dialect } = bench.writer;
    const skewed = (hours: number): Database =>
      changedDatabase(bench.writer, {
        dialect: { ...dialect, nowMs: `(${dialect.nowMs} + ${hours * 3_600_000})` },
      });
    for (const hours of [-48, 48]) {
      const held = heldLease(skewed(hours), await ownerOf(bench), WHOLE, lease.epoch, '[]');
      const end = keepAliveForTest(held);
      await expect(acquireLease(skewed(-hours), holder(), () => false, WHOLE, WATCHING)).rejects.toMatchObject({
        code: 'LEASE_HELD',
      });
      await end();
    }
    // Nor is one held for ever whose last sign of life lies in the future.
    const taken = await acquireLease(bench.writer, holder(), () => false, WHOLE, WATCHING);
    expect(taken.epoch).toBe(lease.epoch + 1n);
  });

  it('is not waited for when the operator stops it, and no transaction is open while it is waited for', async () => {
    const bench = await expanded();
    await holdLease(bench.writer);
    let asked = 0;
    const watching = { ...WATCHING, interrupted: () => (asked += 1) > 3 };
    const refused = expect(acquireLease(bench.writer, holder(), () => false, WHOLE, watching)).rejects.toMatchObject({
      code: 'LEASE_WAIT_STOPPED',
      exitCode: 3,
    });
    await bench.reader.query('SELECT COUNT(*) FROM retype_lease');
    await (await openForTest(bench.url)).execute('UPDATE retype_lease SET purpose = purpose');
    await refused;
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
          await runMigrate(other, { pageSize: 5, others: 'dead' });
          taken = await batches(other);
        },
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(await batches(bench)).toEqual(taken);
  });

  const ownerOf = async ({ writer }: Bench) =>
    String((await writer.query('SELECT owner FROM retype_lease WHERE id = 1'))[0]?.['owner']);

  const batches = async ({ writer }: Bench) => writer.query('SELECT batch, uuid FROM retype_batches ORDER BY batch');
});
