import { describe, expect, it } from 'vitest';

import { describeStatus, type KnowsDead, nextSteps, statusRecord } from '../../src/commands/status-text.ts';
import type { LeaseRecord, Shard } from '../../src/journal/lease.ts';
import type { JournalMeta } from '../../src/journal/meta.ts';
import { zeroStatusCounts } from '../../src/model/vocabulary.ts';
import type { RunProgress, Status } from '../../src/run/status.ts';

type Expanded = Extract<Status, { kind: 'expanded' }>;

const META = { state: 'expanded', target: { kind: 'table' } } as JournalMeta;
const SCREEN = { width: 200, rows: null, colour: 'plain' } as const;
const nobodyDied: KnowsDead = () => false;

function expanded(change: Partial<Expanded> = {}): Expanded {
  return {
    kind: 'expanded',
    meta: META,
    leases: [],
    silent: [],
    progress: null,
    runs: [],
    stored: zeroStatusCounts(),
    unsettled: 0,
    ...change,
  };
}

function lease(purpose: string, pid: number, shard: Shard | null = null, silentMs = 1_500): LeaseRecord {
  const process = `boot/4026/${pid}/99`;
  return { shard, owner: 'uuid', host: 'ctl1', process, purpose, epoch: 1n, beats: 1n, sessions: [], silentMs };
}

function progress(change: Partial<RunProgress> = {}): RunProgress {
  return {
    run: 3,
    done: 250,
    total: 1_000,
    rowsPerSecond: 12.34,
    lastBatchAt: '2026-11-30T12:00:00Z',
    shards: [],
    ...change,
  };
}

function shard(number: number, of: number, state: 'open' | 'complete') {
  return { shard: number, of, state, range: { after: null, until: null }, done: 10 * number, total: 100 };
}

const steps = (status: Status, isDead = nobodyDied): readonly string[] => nextSteps(status, ' --x', isDead);

describe('the next step', () => {
  it('is to wait while somebody works, never a command that writes', () => {
    for (const purpose of ['migrate', 'rollback', 'expand', 'contract']) {
      const found = steps(expanded({ leases: [lease(purpose, 4711)], progress: progress(), unsettled: 9 }));
      expect(found).toEqual([
        `wait until ${purpose} on ctl1 (process 4711) has ended; glance-retype status --x shows how far it is, and kill -USR1 4711 on ctl1 makes it say what it is doing`,
      ]);
    }
  });

  it('is to wait, and to start the shards that nobody works on', () => {
    const shards = [shard(1, 3, 'complete'), shard(2, 3, 'open'), shard(3, 3, 'open')];
    const leases = [lease('migrate', 12, { shard: 2, of: 3 })];
    const [wait, ...others] = steps(expanded({ leases, progress: progress({ shards }) }));
    expect(wait).toMatch(/^wait until migrate on ctl1 \(process 12\) has ended/u);
    expect(others).toEqual(['glance-retype migrate --x --shard 3/3']);
  });

  it('is the same command again where its process has died or has fallen silent', () => {
    const held = expanded({ leases: [lease('rollback', 5)], progress: progress() });
    expect(steps(held, () => true)).toEqual(['glance-retype rollback --x']);
    const silent = expanded({ silent: [lease('migrate', 5, { shard: 2, of: 4 }, 40_000)], progress: progress() });
    expect(steps(silent)).toEqual(['glance-retype migrate --x --shard 2/4']);
  });

  it('is migrate while a run is open or images are left, each open shard of a run that is cut', () => {
    expect(steps(expanded({ unsettled: 1 }))).toEqual(['glance-retype migrate --x']);
    expect(steps(expanded({ progress: progress() }))).toEqual(['glance-retype migrate --x']);
    const shards = [shard(1, 2, 'complete'), shard(2, 2, 'open')];
    expect(steps(expanded({ progress: progress({ shards }) }))).toEqual(['glance-retype migrate --x --shard 2/2']);
  });

  it('is verify once all is done, then gate, and contract after the cutover', () => {
    expect(steps(expanded()).map((step) => step.split(' ').slice(0, 2).join(' '))).toEqual([
      'glance-retype verify',
      'glance-retype gate',
      'glance-retype contract',
    ]);
  });

  it.each([
    ['expanding', 'expand'],
    ['removing', 'rollback'],
    ['contracting', 'contract'],
  ] as const)('after an interruption while %s is %s again', (state, command) => {
    expect(steps({ kind: 'interrupted', meta: { ...META, state } })).toEqual([`glance-retype ${command} --x`]);
  });

  it('is plan where nothing was done', () => {
    expect(steps({ kind: 'not-expanded' })).toEqual(['glance-retype plan --x']);
  });
});

describe('the text', () => {
  const text = (status: Status, isDead = nobodyDied): readonly string[] =>
    describeStatus(status, 'db', ' --x', isDead, SCREEN).split('\n');

  it('says who works, how far and how fast, and how long it will take', () => {
    const shards = [shard(1, 2, 'complete'), shard(2, 2, 'open')];
    const leases = [lease('migrate', 4711, { shard: 2, of: 2 })];
    const lines = text(expanded({ leases, progress: progress({ shards }) }));
    expect(lines.slice(1, 8)).toEqual([
      'Target          target table',
      "Lease           migrate (shard 2 of 2) on ctl1, process 4711, last heard of 2 s ago by the server's clock",
      'Progress        run 3: 250 of 1,000 rows, 25.0 %, 12 rows/s, 1 min 01 s left',
      'Last batch      2026-11-30T12:00:00Z, by the clock of its writer',
      'Shard 1 of 2    complete',
      'Shard 2 of 2    20 of 100 rows',
      'Stored          0 exact, 0 inferred',
    ]);
  });

  it('names no pace where nobody works any more, and says who has gone', () => {
    const died = text(expanded({ leases: [lease('migrate', 5)], progress: progress() }), () => true);
    expect(died[2]).toBe('Lease           migrate on ctl1, process 5: this process has ended without finishing');
    expect(died[3]).toBe('Progress        run 3: 250 of 1,000 rows, 25.0 %');
    const silent = text(expanded({ silent: [lease('migrate', 5, null, 125_000)] }));
    expect(silent[2]).toBe(
      'Lease           migrate on ctl1, process 5: no sign of life for 2 min 05 s; it has ended, or hangs',
    );
  });

  it('says of the first pass that is over that later passes are under way', () => {
    const done = expanded({ leases: [lease('migrate', 5)], progress: progress({ done: 1_000 }) });
    expect(text(done)[3]).toContain('100.0 %, 12 rows/s, looking for rows that changed meanwhile');
  });
});

describe('the JSON document', () => {
  it('has percent, rate, time left, host and pid of who works', () => {
    const leases = [lease('migrate', 4711)];
    const status = expanded({ leases, progress: progress({ shards: [shard(2, 2, 'open')] }) });
    expect(statusRecord(status, 'db', '', nobodyDied)).toMatchObject({
      percent: 25,
      rows_per_second: 12.3,
      seconds_left: 61,
      host: 'ctl1',
      pid: 4711,
      progress: {
        run_id: 3,
        rows_done: 250,
        rows: 1_000,
        last_batch_at: '2026-11-30T12:00:00Z',
        shards: [{ shard: '2/2', state: 'open', rows_done: 20, rows: 100, percent: 20 }],
      },
      lease: { host: 'ctl1', pid: 4711, process: 'boot/4026/4711/99', purpose: 'migrate', silent_ms: 1_500 },
      gone: [],
    });
  });

  it('has null where nothing is known', () => {
    const nothing = { percent: null, rows_per_second: null, seconds_left: null, host: null, pid: null, progress: null };
    expect(statusRecord(expanded(), 'db', '', nobodyDied)).toMatchObject(nothing);
    const gone = statusRecord(expanded({ silent: [lease('migrate', 7)], progress: progress() }), 'db', '', nobodyDied);
    const holder = { host: 'ctl1', pid: 7, gone: [{ pid: 7 }], lease: null };
    expect(gone).toMatchObject({ percent: 25, rows_per_second: null, seconds_left: null, ...holder });
  });
});
