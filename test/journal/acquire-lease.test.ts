import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { createEra } from '../../scripts/fixtures/eras/create-era.ts';
import { eraNamed } from '../../scripts/fixtures/eras/eras.ts';
import { acquireLease } from '../../src/journal/acquire-lease.ts';
import { isHeld, type Lease, type LeaseScope, readLeases, WHOLE } from '../../src/journal/lease.ts';
import { writePulse } from '../../src/journal/meta.ts';
import { RetypeError } from '../../src/model/error.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../support/servers/engines.ts';
import { COLUMNS, keepAliveForTest, openBench, runExpand, WATCHING, type Bench } from '../support/cloud/migration.ts';

const shard = (number: number, of: number): LeaseScope => ({ kind: 'shard', shard: number, of });

describe.each(ENGINES)('leases on shards on %s', (engine) => {
  it('are held side by side, each once, and not beside the lease on everything', async () => {
    const bench = await expanded(engine);
    const first = await take(bench, shard(1, 3));
    const second = await take(bench, shard(2, 3));
    await expect(take(bench, shard(2, 3))).rejects.toThrow(/shard 2 of 3 is held for test by elsewhere/u);
    await expect(take(bench, WHOLE)).rejects.toMatchObject({ code: 'LEASE_HELD' });
    await expect(take(bench, shard(1, 2))).rejects.toMatchObject({ code: 'LEASE_HELD' });
    expect(await holds(bench, first)).toBe(true);
    expect(await holds(bench, second)).toBe(true);
    const held = (await readLeases(bench.reader, bench.reader.dialect.nowMs)).filter(isHeld);
    expect(held.map((lease) => lease.shard)).toEqual([
      { shard: 1, of: 3 },
      { shard: 2, of: 3 },
    ]);

    await first.release();
    await expect(take(bench, WHOLE)).rejects.toMatchObject({ code: 'LEASE_HELD' });
    await second.release();
    const whole = await take(bench, WHOLE);
    await expect(take(bench, shard(1, 3))).rejects.toThrow(/held for test by elsewhere/u);
    await whole.release();
  });

  it('can be taken over one by one, and the former holder is fenced', async () => {
    const bench = await expanded(engine);
    const [first, second] = [await take(bench, shard(1, 2)), await take(bench, shard(2, 2))];
    const taken = await take(bench, shard(1, 2), 'dead');
    expect(taken.epoch).toBeGreaterThan(first.epoch);
    expect([await holds(bench, first), await holds(bench, second), await holds(bench, taken)]).toEqual([
      false,
      true,
      true,
    ]);
    // Who was fenced cannot take the lease from its successor by letting go.
    await first.release();
    expect(await holds(bench, taken)).toBe(true);
  });

  it.each<LeaseScope>([WHOLE, shard(1, 3), shard(3, 3)])(
    'of another cut are all fenced when %j is taken after their holders died',
    async (scope) => {
      const bench = await expanded(engine);
      const old = [await take(bench, shard(1, 2)), await take(bench, shard(2, 2))];
      const taken = await take(bench, scope, 'dead');
      for (const lease of old) expect(await holds(bench, lease)).toBe(false);
      expect(await holds(bench, taken)).toBe(true);
      await expect(take(bench, shard(1, 2))).rejects.toMatchObject({ code: 'LEASE_HELD' });
    },
  );

  it('fence whoever held everything', async () => {
    const bench = await expanded(engine);
    const whole = await take(bench, WHOLE);
    const first = await take(bench, shard(1, 2), 'dead');
    expect([await holds(bench, whole), await holds(bench, first)]).toEqual([false, true]);
    await expect(whole.extend()).rejects.toMatchObject({ code: 'LEASE_LOST' });
  });

  it('go to one of those who ask at the same moment', async () => {
    const bench = await expanded(engine);
    const others = await Promise.all(Array.from({ length: 3 }, () => openForTest(bench.url)));
    for (const scope of [WHOLE, shard(2, 2)]) {
      const asked = await Promise.allSettled(
        others.map(async (database) => {
          const lease = await acquireLease(database, holder(), () => false, scope, WATCHING);
          return { lease, end: keepAliveForTest(lease) };
        }),
      );
      const got = asked.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
      expect(got).toHaveLength(1);
      for (const answer of asked) {
        if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'LEASE_HELD' });
      }
      await got[0]?.end();
      await got[0]?.lease.release();
    }
  });

  it('in the middle of a transaction that asserted them are taken over by ending its session, and it leaves nothing', async () => {
    const bench = await expanded(engine);
    if (engine === 'sqlite') return;
    const lease = await take(bench, shard(1, 2));
    const other = await openForTest(bench.url);
    const progress = { over: false };
    let taking: Promise<Lease> | null = null;
    const asserted = bench.writer.transaction(async (trx) => {
      await writePulse(trx);
      // Says which sessions there are by now. Afterwards it would wait for the lock that this transaction is about to take.
      await lease.extend();
      await lease.assertHeld(trx);
      taking = acquireLease(other, holder(), () => true, shard(1, 2)).then((taken) => {
        progress.over = true;
        return taken;
      });
      // Shorter than the server lets a transaction stand still.
      for (let waits = 0; waits < 80 && !progress.over; waits += 1)
        await new Promise((resolve) => setTimeout(resolve, 100));
    });
    await expect(asserted).rejects.toSatisfy((error) => bench.writer.dialect.classify(error) === 'connection-lost');
    const taken = await (taking as Promise<Lease> | null);
    expect(taken !== null && (await holds(bench, taken))).toBe(true);
    const [pulse] = await other.query('SELECT pulse FROM retype_meta');
    expect(Number(pulse?.['pulse'])).toBe(0);
  });

  it('let lanes of one process assert theirs at the same time, and take turns for what belongs to the run', async () => {
    const bench = await expanded(engine);
    if (engine === 'sqlite') return;
    const [one, two] = [await take(bench, shard(1, 2)), await take(bench, shard(2, 2))];
    let both = false;
    await bench.writer.transaction(async (outer) => {
      await one.assertHeld(outer);
      await bench.writer.transaction(async (inner) => {
        await one.assertHeld(inner);
        both = true;
      });
    });
    expect(both).toBe(true);

    const order: string[] = [];
    const { waiting } = await bench.writer.transaction(async (trx) => {
      await one.assertAlone(trx);
      const second = bench.writer.transaction(async (inner) => {
        await two.assertAlone(inner);
        order.push('second');
      });
      await new Promise((resolve) => setTimeout(resolve, 200));
      order.push('first');
      return { waiting: second };
    });
    await waiting;
    expect(order).toEqual(['first', 'second']);
  });
});

interface Opened extends Bench {
  readonly url: string;
}

async function expanded(engine: EngineName): Promise<Opened> {
  const { url } = await withFreshDatabase(engine);
  await createEra(await openForTest(url), eraNamed('queens'));
  const bench = await openBench(url);
  await runExpand(bench, COLUMNS);
  return { ...bench, url };
}

function holder() {
  return { owner: randomUUID(), host: 'elsewhere', process: 'p', purpose: 'test' };
}

/** Takes a lease and gives signs of life for it. */
async function take({ writer }: Bench, scope: LeaseScope, others: 'unknown' | 'dead' = 'unknown'): Promise<Lease> {
  const lease = await acquireLease(writer, holder(), () => others === 'dead', scope, WATCHING);
  keepAliveForTest(lease);
  return lease;
}

async function holds({ writer }: Bench, lease: Lease): Promise<boolean> {
  return writer
    .transaction(async (trx) => lease.assertHeld(trx))
    .then(
      () => true,
      (error: unknown) => {
        if (error instanceof RetypeError && error.code === 'LEASE_LOST') return false;
        throw error;
      },
    );
}
