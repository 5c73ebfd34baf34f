import { describe, expect, it } from 'vitest';

import {
  createPhaseClock,
  listenForStop,
  stopRequested,
  timestamp,
  withContent,
} from '../../../src/run/context/context.ts';
import { evidence } from '../../rules/evidence-builder.ts';

const IMAGES = [evidence('raw', 'bare'), evidence('qcow2', 'bare')];

describe('withContent', () => {
  it('gives the images back untouched where nobody asked for their bytes', async () => {
    expect(await withContent({}, IMAGES)).toBe(IMAGES);
  });

  it('hands a whole page on, and says where it was left', async () => {
    const seen: number[] = [];
    const lookInside = async (images: readonly unknown[]): Promise<null> => {
      seen.push(images.length);
      return Promise.resolve(null);
    };
    expect(await withContent({ lookInside }, new Set(IMAGES))).toBeNull();
    expect(seen).toEqual([2]);
  });
});

describe('timestamp', () => {
  it('has seconds, and UTC', () => {
    expect(timestamp()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });
});

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
    const before = process.listenerCount('SIGINT');
    const stop = listenForStop(() => {});
    expect(process.listenerCount('SIGINT')).toBe(before + 1);
    stop.dispose();
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});

describe('stopRequested', () => {
  it('lets the event loop turn before it asks', async () => {
    let asked = false;
    setImmediate(() => (asked = true));
    expect(await stopRequested({ requested: () => asked })).toBe(true);
  });
});

const never = (): Promise<never> => new Promise(() => {});

describe('the phase clock', () => {
  it('adds milliseconds up to seconds, each phase by itself', () => {
    const clock = createPhaseClock();
    expect(clock.seconds()).toEqual({ read: 0, decide: 0, write: 0, wait: 0 });
    clock.add('read', 1_500);
    clock.add('read', 250);
    clock.add('wait', 40);
    expect(clock.seconds()).toEqual({ read: 1.75, decide: 0, write: 0, wait: 0.04 });
  });

  it('times work that fails as well, and hands on what it resolved or rejected with', async () => {
    const clock = createPhaseClock();
    const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
    expect(await clock.timed('write', () => turn().then(() => 'done'))).toBe('done');
    const once = clock.seconds().write;
    expect(once).toBeGreaterThan(0);
    const failing = clock.timed('write', async () => {
      await turn();
      throw new Error('the transaction');
    });
    await expect(failing).rejects.toThrow('the transaction');
    expect(clock.seconds().write).toBeGreaterThan(once);
    expect(clock.seconds()).toMatchObject({ read: 0, decide: 0, wait: 0 });
  });

  it('does not count what has not ended, and gives figures that do not change any more', () => {
    const clock = createPhaseClock();
    void clock.timed('wait', never);
    const before = clock.seconds();
    clock.add('decide', 1_000);
    expect(before).toEqual({ read: 0, decide: 0, write: 0, wait: 0 });
    expect(clock.seconds()).toEqual({ read: 0, decide: 1, write: 0, wait: 0 });
  });
});
