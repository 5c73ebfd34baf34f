import { describe, expect, it } from 'vitest';

import type { LeaseRecord } from '../../src/journal/lease.ts';
import { createLeaseWatch } from '../../src/journal/acquire-lease.ts';

const SILENCE = 30_000;

describe('the watch over holders of leases', () => {
  it('finds nobody to be dead, and one dead who is known to be', () => {
    expect(createLeaseWatch(SILENCE, () => false)([], 0)).toEqual({ kind: 'dead' });
    expect(createLeaseWatch(SILENCE, () => true)([holder()], 0)).toEqual({ kind: 'dead' });
  });

  it('takes one for alive that gives a sign of life, and for dead one that gave none for as long as it is waited', () => {
    const watch = createLeaseWatch(SILENCE, () => false);
    const silent = holder();
    expect(watch([silent], 5_000)).toEqual({ kind: 'unknown', holder: silent, since: 'now' });
    const kinds: string[] = [];
    for (let at = 6_000; at <= 35_000; at += 1_000) kinds.push(watch([silent], at).kind);
    expect(kinds).toEqual([...Array.from({ length: 29 }, () => 'unknown'), 'dead']);
    // It lives after all.
    expect(watch([holder({ beats: 8n })], 36_000).kind).toBe('alive');
  });

  it('watches every holder, and each anew that comes into the place of another', () => {
    const watch = createLeaseWatch(SILENCE, (seen) => seen.owner === 'known to be dead');
    const [dead, one, two] = [
      holder({ owner: 'known to be dead' }),
      holder({ owner: 'one' }),
      holder({ owner: 'two' }),
    ];
    for (let at = 0; at < SILENCE; at += 1_000) watch([dead, one], at);
    expect(watch([dead, one, two], SILENCE)).toEqual({ kind: 'unknown', holder: two, since: 'now' });
    expect(watch([dead, one], SILENCE + 1_000).kind).toBe('dead');
    expect(watch([dead, holder({ owner: 'one', epoch: 4n })], SILENCE + 2_000).kind).toBe('unknown');
  });

  it('does not hold against a holder what kept the watch from looking', () => {
    const watch = createLeaseWatch(SILENCE, () => false);
    watch([holder()], 0);
    expect(watch([holder()], 10 * SILENCE).kind).toBe('unknown');
    expect(watch([holder({ beats: 8n })], 10 * SILENCE + 500).kind).toBe('alive');
  });
});

function holder(changes: Partial<LeaseRecord> = {}): LeaseRecord {
  return {
    shard: null,
    owner: 'somebody',
    host: 'somewhere',
    process: 'p',
    purpose: 'test',
    epoch: 3n,
    beats: 7n,
    sessions: [],
    silentMs: 0,
    ...changes,
  };
}
