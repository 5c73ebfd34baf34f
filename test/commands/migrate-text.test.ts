import { describe, expect, it } from 'vitest';

import { describeMigrate } from '../../src/commands/migrate-text.ts';
import type { Shard } from '../../src/journal/lease.ts';
import type { MigrateResult } from '../../src/run/migrate/migrate.ts';
import { createPhaseClock } from '../../src/run/context/phase-clock.ts';

const COUNTS = { exact: 5, inferred: 4, ambiguous: 0, unmappable: 0, 'not-applicable': 1 };
const RESULT = {
  end: 'complete',
  share: { shard: null },
  runEnd: { kind: 'complete' },
  run: { id: 7 },
  resumed: false,
  totals: { batches: 2, rowsRead: 10, rowsWritten: 10, counts: COUNTS, seals: '' },
  written: 9,
  passes: 2,
  chasing: 0,
  foreign: [],
} as unknown as MigrateResult;
const text = (change: Partial<MigrateResult> = {}, shard: Shard | null = null): string =>
  describeMigrate(
    { ...RESULT, ...change },
    {
      tail: ' --glance-conf g',
      clock: createPhaseClock(),
      shard,
      limits: { endsAt: 5, length: '1h30m', maxBatches: 1 },
      steeringTail: ' --max-time 1h30m',
    },
  );

describe('what migrate prints', () => {
  it('of a complete run names verify', () => {
    expect(text()).toMatch(/run 7 complete\n[^]*9 written by this command, 10 by the run/);
    expect(text()).toContain('glance-retype verify --glance-conf g');
    expect(text()).not.toMatch(/List undecided|Left alone|Shard/);
  });

  it('names a plan where images are undecided', () => {
    const totals = { ...RESULT.totals, counts: { ...COUNTS, ambiguous: 3 } };
    expect(text({ totals })).toMatch(/List undecided +glance-retype plan --glance-conf g/);
  });

  it.each([
    ['max-time', 'the window of 1h30m is over; 41.3 % done; run the same command again'],
    ['max-batches', 'the window of 1 batch is over; 41.3 % done; run the same command again'],
    ['signal', 'stopped by a signal; 41.3 % done; run the same command again'],
  ] as const)('of a run that ended early says why: %s', (stoppedBy, expected) => {
    const ended = text({
      end: 'stopped',
      runEnd: { kind: 'stopped' },
      stoppedBy,
      rows: { done: 4_138, total: 10_000 },
    });
    expect(ended).toContain(`Ended           ${expected}`);
  });

  it('of a stopped run names the command that continues', () => {
    const stopped = text(
      { end: 'stopped', stoppedBy: 'signal', rows: { done: 1, total: 2 }, runEnd: { kind: 'stopped' } },
      { shard: 2, of: 3 },
    );
    expect(stopped).toMatch(/run 7 stopped after 2 batches; nothing is lost/);
    expect(stopped).toContain('glance-retype migrate --glance-conf g --shard 2/3 --max-time 1h30m');
  });

  it('of a shard says what others still have to do', () => {
    const shard = { shard: 1, of: 3 };
    const share = { shard } as MigrateResult['share'];
    const runEnd = { kind: 'open', left: ['2/3', '3/3'] } as unknown as MigrateResult['runEnd'];
    expect(text({ share, runEnd }, shard)).toMatch(
      /this shard of run 7 is complete[^]*1 of 3; still to be completed: 2\/3, 3\/3/,
    );
  });

  it('names foreign values and changes that never end', () => {
    const warned = text({ foreign: ['a', 'b', 'c', 'd'], chasing: 12 });
    expect(warned).toContain('4 images whose result columns hold foreign values, first a, b, c');
    expect(warned).toMatch(/12\s+during the last pass/);
  });
});
