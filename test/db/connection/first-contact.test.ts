import { describe, expect, it } from 'vitest';

import { firstContact } from '../../../src/db/connection/first-contact.ts';
import type { ErrorClass } from '../../../src/db/dialect.ts';

/** Connects after some failures of one kind. */
async function contact(failures: number, kind: ErrorClass) {
  let attempts = 0;
  const waits: string[] = [];
  const value = await firstContact(
    () => kind,
    (reason) => waits.push(reason),
    async () => {
      attempts += 1;
      if (attempts <= failures) throw new Error('not yet');
      return Promise.resolve('connected');
    },
  );
  return { value, attempts, waits };
}

describe('firstContact', () => {
  it('tries again after a failure that may pass, and says nothing of a short wait', async () => {
    expect(await contact(2, 'unreachable')).toEqual({ value: 'connected', attempts: 3, waits: [] });
  });

  it('reports the wait for a connection that was lost', async () => {
    expect(await contact(1, 'connection-lost')).toEqual({ value: 'connected', attempts: 2, waits: ['not yet'] });
  });

  it('gives up at once where waiting does not help', async () => {
    await expect(contact(1, 'login-refused')).rejects.toThrow('not yet');
  });
});
