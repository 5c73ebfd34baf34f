import { expect, it } from 'vitest';

import { migrateRecord } from '../../../src/commands/documents/migrate-record.ts';
import { createPhaseClock } from '../../../src/run/context/phase-clock.ts';
import type { MigrateResult } from '../../../src/run/migrate/migrate.ts';
import { faultsIn } from '../../support/program/published-schema.ts';

const COUNTS = { exact: 5, inferred: 4, ambiguous: 0, unmappable: 0, 'not-applicable': 1 };
const RESULT = {
  end: 'complete',
  stoppedBy: null,
  rows: { done: 10, total: 10 },
  share: { shard: null },
  runEnd: { kind: 'complete' },
  run: { id: 7, rulesDigest: 'aa', startedAt: '2026-11-30T00:00:00Z' },
  resumed: false,
  totals: { batches: 2, rowsRead: 10, rowsWritten: 10, counts: COUNTS, seals: '' },
  written: 9,
  passes: 2,
  chasing: 0,
  foreign: [],
} as unknown as MigrateResult;

function record(change: Partial<MigrateResult> = {}, next: readonly string[] = []) {
  const clock = createPhaseClock();
  clock.add('wait', 1500);
  const made = migrateRecord({ ...RESULT, ...change }, { database: 'db', clock, next });
  expect(faultsIn('migrate', made)).toEqual([]);
  return made;
}

it('of a complete run has its counts and times', () => {
  expect(record({}, ['glance-retype verify'])).toMatchObject({
    format_version: 1,
    end: 'complete',
    exit_code: 0,
    next: ['glance-retype verify'],
    stopped_by: null,
    run: { id: 7, state: 'complete' },
    shard: null,
    shards_left: [],
    rows_read: 10,
    rows_written: 10,
    rows_written_now: 9,
    counts: COUNTS,
    seconds: { read: 0, decide: 0, write: 0, wait: 1.5 },
  });
});

it('of a shard says which are left', () => {
  const share = { shard: { shard: 2, of: 4 } } as MigrateResult['share'];
  expect(record({ share, runEnd: { kind: 'open', left: [1, 4] } })).toMatchObject({
    shard: '2/4',
    shards_left: [1, 4],
    run: { state: 'open' },
    exit_code: 0,
  });
});

it('of a stopped run says what stopped it and how far it is', () => {
  const change = { end: 'stopped', stoppedBy: 'max-time', runEnd: { kind: 'stopped' }, rows: { done: 4, total: 10 } };
  expect(record(change as Partial<MigrateResult>)).toMatchObject({
    end: 'stopped',
    exit_code: 3,
    stopped_by: 'max-time',
    rows_done: 4,
    rows: 10,
  });
});

it('counts all images left alone and names the first hundred', () => {
  const { left_alone } = record({ foreign: Array.from({ length: 101 }, (_, index) => `image-${index}`) });
  expect([left_alone.count, left_alone.sample_ids.length]).toEqual([101, 100]);
});
