import { setTimeout as wait } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { imageTime } from '../../../../src/probe/sources/http/image-time.ts';
import { TransferFailure } from '../../../../src/probe/sources/http/transfer-failure.ts';

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
