import { describe, expect, it } from 'vitest';

import { firstError } from '../../../src/commands/session/first-error.ts';

const FIRST = new Error('the work failed');

function resource(name: string): AsyncDisposable {
  return {
    [Symbol.asyncDispose]: async () => Promise.reject(new Error(`${name} did not close`)),
  };
}
async function thrownBy(work: () => Promise<void>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('the first error', () => {
  it('is that of the work, however many resources fail to close after it', async () => {
    const thrown = await thrownBy(async () => {
      await using one = resource('one');
      await using two = resource('two');
      if (one !== two) throw FIRST;
    });
    expect(thrown).not.toBe(FIRST);
    expect(firstError(thrown)).toBe(FIRST);
  });

  it('is that of the resource that closes first where the work succeeds', async () => {
    const thrown = await thrownBy(async () => {
      await using one = resource('one');
      await using two = resource('two');
      expect(one).not.toBe(two);
    });
    expect(firstError(thrown)).toMatchObject({ message: 'two did not close' });
  });

  it.each([FIRST, null, 'text', Object.assign(new Error('other'), { suppressed: FIRST })])(
    'of case %# is itself',
    (error) => {
      expect(firstError(error)).toBe(error);
    },
  );
});
