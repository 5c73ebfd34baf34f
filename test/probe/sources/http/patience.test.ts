import { setTimeout as wait } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { createPatience, imageTime } from '../../../../src/probe/sources/http/patience.ts';
import { TransferFailure } from '../../../../src/probe/sources/http/transfer-failure.ts';

const GROUP = { name: 'a server', most: 3 };

describe('patience with a group', () => {
  it('is spent by several images that took too long, of this group alone', () => {
    const patience = createPatience(() => 0);
    for (const spent of [false, false, true]) {
      patience.ended(GROUP, 'late');
      expect(patience.isSpent(GROUP)).toBe(spent);
    }
    expect(patience.isSpent({ ...GROUP, name: 'another' })).toBe(false);
  });

  it('lasts where most images are answered for', () => {
    const patience = createPatience(() => 0);
    for (let image = 0; image < 1_000; image += 1) patience.ended(GROUP, image % 10 < 3 ? 'late' : 'answered');
    expect(patience.isSpent(GROUP)).toBe(false);
  });

  it('asks for one image a minute later, and for all once that is answered for', () => {
    let now = 0;
    const patience = createPatience(() => now);
    for (let image = 0; image < 64; image += 1) patience.ended(GROUP, 'late');
    expect(patience.isSpent(GROUP)).toBe(true);
    now = 60_000;
    expect([patience.isSpent(GROUP), patience.isSpent(GROUP)]).toEqual([false, true]);
    patience.ended(GROUP, 'answered');
    expect(patience.isSpent(GROUP)).toBe(false);
  });
});

describe('the time of an image', () => {
  it('is shared by all its work, and ends its life', async () => {
    const life = new AbortController();
    const timed = imageTime(life, 500);
    expect(await timed(() => Promise.resolve('read'))).toBe('read');
    const work = async (): Promise<never> => {
      for (;;) await timed(() => wait(100));
    };
    const error: unknown = await work().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TransferFailure);
    expect(error).toMatchObject({ message: 'reading it took longer than 0.5 s in all', sign: 'overload' });
    expect(life.signal.aborted).toBe(true);
  });

  it('passes on what the work throws, and is not used up by it', async () => {
    const life = new AbortController();
    const timed = imageTime(life, 60_000);
    await expect(timed(() => Promise.reject(new Error('its own')))).rejects.toThrow('its own');
    expect(await timed(() => Promise.resolve(1))).toBe(1);
    expect(life.signal.aborted).toBe(false);
  });
});
