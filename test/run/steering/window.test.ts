import { describe, expect, it } from 'vitest';

import type { RunEvent } from '../../../src/model/event.ts';
import { openWindow, UNLIMITED, type WindowLimits } from '../../../src/run/steering/window.ts';

function window(limits: Partial<WindowLimits>) {
  const events: RunEvent[] = [];
  const clock = { now: 0 };
  const signals = { sent: false };
  const opened = openWindow({
    limits: { ...UNLIMITED, ...limits },
    signals: { requested: () => signals.sent },
    onEvent: (event) => void events.push(event),
    now: () => clock.now,
  });
  return { opened, events, clock, signals };
}

describe('the window of one invocation', () => {
  it('without limits is never over, and a signal ends it', () => {
    const { opened, signals, events } = window({});
    expect([opened.requested(), opened.cause(), opened.takeBatch('counts')]).toEqual([false, null, 'begin']);
    signals.sent = true;
    expect([opened.requested(), opened.cause()]).toEqual([true, 'signal']);
    // The one batch that is done after a signal is the caller's affair: a run that is stopped each time still ends.
    expect(opened.takeBatch('counts')).toBe('begin');
    expect(events).toEqual([]);
  });

  it('is over at its end, not a moment before, and says so once', () => {
    const { opened, clock, events } = window({ endsAt: 1_000, length: '1s' });
    clock.now = 999;
    expect([opened.requested(), opened.takeBatch('counts')]).toEqual([false, 'begin']);
    clock.now = 1_000;
    expect([opened.requested(), opened.takeBatch('counts'), opened.cause()]).toEqual([true, 'over', 'max-time']);
    expect(events).toEqual([
      { kind: 'stopping', cause: 'max-time', text: 'the window of 1s is over; no further batch begins' },
    ]);
  });

  it.each([
    [599, 'begin'],
    [600, 'over'],
  ] as const)('at %i ms of 1000 says of a batch after one of 400 ms: %s', (now, expected) => {
    const { opened, clock } = window({ endsAt: 1_000, length: '1s' });
    opened.took(400);
    clock.now = now;
    expect(opened.takeBatch('counts')).toBe(expected);
    expect(opened.requested()).toBe(expected === 'over');
  });

  it('hands out exactly so many batches, and is over only when another one wants to begin', () => {
    const { opened, events } = window({ maxBatches: 2 });
    expect([1, 2].map(() => opened.takeBatch('counts'))).toEqual(['begin', 'begin']);
    expect([opened.requested(), opened.cause(), opened.takeBatch('is-free')]).toEqual([false, null, 'begin']);
    expect([1, 2].map(() => opened.takeBatch('counts'))).toEqual(['over', 'over']);
    expect([opened.requested(), opened.cause(), opened.takeBatch('is-free')]).toEqual([true, 'max-batches', 'over']);
    expect(events).toEqual([
      { kind: 'stopping', cause: 'max-batches', text: 'the window of 2 batches is over; no further batch begins' },
    ]);
  });

  it('names the limit that ended it, also after a signal', () => {
    const { opened, signals } = window({ maxBatches: 1 });
    opened.takeBatch('counts');
    opened.takeBatch('counts');
    signals.sent = true;
    expect(opened.cause()).toBe('max-batches');
  });
});
