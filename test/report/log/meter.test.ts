import { expect, it } from 'vitest';

import { createMeter, type Meter } from '../../../src/report/log/meter.ts';

function metered(): { readonly meter: Meter; readonly advance: (milliseconds: number) => void } {
  let clock = 0;
  return { meter: createMeter(() => clock, 30_000), advance: (milliseconds) => (clock += milliseconds) };
}

const WAITING = { kind: 'waiting', text: 'slow', reading: 3, limit: 2, ageSeconds: 0, waitedSeconds: 0 } as const;

it('before anything happened nothing is known', () => {
  expect(metered().meter.reading()).toEqual({
    phase: null,
    total: null,
    done: 0,
    rowsPerSecond: null,
    secondsLeft: null,
    looked: null,
    looksPerSecond: null,
    waiting: null,
    run: null,
    shard: null,
    rowsRead: 0,
    rowsWritten: 0,
    undecided: 0,
    batches: 0,
    retries: 0,
    secondsWaited: 0,
  });
});

it('rows that earlier invocations did count as done, not as read', () => {
  const { meter } = metered();
  meter.note({ kind: 'phase', phase: 'migrate', total: 1_000 });
  meter.note({ kind: 'progress', done: 700 });
  meter.note({ kind: 'progress', done: 800 });
  expect(meter.reading()).toMatchObject({ done: 800, rowsRead: 100 });
});

it('rows read are those of all phases; the first count of a scan is read already', () => {
  const { meter } = metered();
  meter.note({ kind: 'phase', phase: 'plan', total: 1_000 });
  meter.note({ kind: 'progress', done: 400 });
  meter.note({ kind: 'progress', done: 1_000 });
  meter.note({ kind: 'phase', phase: 'compare', total: null });
  meter.note({ kind: 'progress', done: 30 });
  expect(meter.reading()).toMatchObject({ phase: 'compare', total: null, done: 30, rowsRead: 1_030 });
});

it('batches and retries are summed over all phases', () => {
  const { meter } = metered();
  const batch = { kind: 'batch', pass: 1, rows: 9, milliseconds: 1 } as const;
  meter.note({ ...batch, batch: 1, written: 5, undecided: 2 });
  meter.note({ kind: 'phase', phase: 'tail', total: null });
  meter.note({ ...batch, batch: 2, written: 4, undecided: 0 });
  meter.note({ kind: 'retry', attempt: 1, reason: 'deadlock' });
  meter.note({ kind: 'run', id: 8, state: 'begins', shard: { shard: 2, of: 3 } });
  const shard = { shard: 2, of: 3 };
  expect(meter.reading()).toMatchObject({ batches: 2, rowsWritten: 9, undecided: 2, retries: 1, run: 8, shard });
});

it('waits are summed, also one that has not ended, and hide the time left', () => {
  const { meter, advance } = metered();
  meter.note({ kind: 'phase', phase: 'migrate', total: 100 });
  meter.note({ kind: 'progress', done: 0 });
  advance(2_000);
  meter.note({ kind: 'progress', done: 20 });
  expect(meter.reading().secondsLeft).toBe(8);
  meter.note({ ...WAITING, reason: 'replica-lag' });
  advance(1_000);
  meter.note({ ...WAITING, reason: 'threads-running' });
  advance(500);
  expect(meter.reading()).toMatchObject({ secondsLeft: null, secondsWaited: 1.5 });
  expect(meter.reading().waiting).toMatchObject({ reason: 'threads-running', text: 'slow', reading: 3, limit: 2 });
  meter.note({ kind: 'resumed', waitedSeconds: 1.5 });
  advance(9_000);
  expect(meter.reading()).toMatchObject({ waiting: null, secondsWaited: 1.5 });
});

it.each([
  ['database', null],
  ['lease', null],
  ['pause-file', 'pause-file'],
] as const)('progress ends a wait for %s: %s is waited for', (reason, after) => {
  const { meter } = metered();
  meter.note({ kind: 'phase', phase: 'migrate', total: 100 });
  meter.note({ ...WAITING, reason });
  meter.note({ kind: 'progress', done: 1 });
  expect(meter.reading().waiting?.reason ?? null).toBe(after);
});
