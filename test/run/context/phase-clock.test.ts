import { describe, expect, it } from 'vitest';

import { createPhaseClock } from '../../../src/run/context/phase-clock.ts';

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
