import { describe, expect, it } from 'vitest';

import { listenForStop, stopRequested } from '../../../src/run/context/stop.ts';

describe('listenForStop', () => {
  it('takes the first signal for a request, tells of it, and stays requested', async () => {
    const signals: string[] = [];
    const stop = listenForStop((signal) => signals.push(signal));
    try {
      expect(await stopRequested(stop)).toBe(false);
      // Its own handler alone: others may listen in this process.
      process.listeners('SIGTERM').at(-1)?.('SIGTERM');
      expect([stop.requested(), await stopRequested(stop), signals]).toEqual([true, true, ['SIGTERM']]);
    } finally {
      stop.dispose();
    }
  });

  it('leaves no handler behind', () => {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const listeners = (): readonly number[] => signals.map((signal) => process.listenerCount(signal));
    const before = listeners();
    const stop = listenForStop(() => {});
    expect(listeners()).toEqual(before.map((count) => count + 1));
    stop.dispose();
    expect(listeners()).toEqual(before);
  });
});

describe('stopRequested', () => {
  it('lets the event loop turn before it asks', async () => {
    let asked = false;
    setImmediate(() => (asked = true));
    expect(await stopRequested({ requested: () => asked })).toBe(true);
  });
});
