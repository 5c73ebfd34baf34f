import { describe, expect, it } from 'vitest';

import { openFailure, requireVersion, firstContact } from '../../../src/db/connection/first-contact.ts';
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

describe('requireVersion', () => {
  it('accepts the least version and later ones, and refuses older ones', () => {
    for (const version of ['10.3.0', '10.11.19-MariaDB', '11.0', '12']) {
      expect(() => requireVersion('MariaDB', version, [10, 3], 'x')).not.toThrow();
    }
    for (const version of ['10.2.44', '5.5.68', '']) {
      expect(() => requireVersion('MariaDB', version, [10, 3], 'x')).toThrow(/SERVER_TOO_OLD/);
    }
  });
});

describe('a database that cannot be opened', () => {
  it('is told from a Galera node without quorum, whose host and port are right', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:3306'), { code: 'ECONNREFUSED' });
    expect(openFailure(refused, 'unreachable', 'db1/glance', null).problems[0].advice).toContain('host, port');
    const alone = new Error('WSREP has not yet prepared node for application use');
    const [problem] = openFailure(alone, 'connection-lost', 'db1/glance', null).problems;
    expect(problem).toMatchObject({ place: 'db1/glance', found: alone.message });
    expect(problem.expected).toContain('primary component');
    expect(problem.advice).toContain('name another node');
  });
});
