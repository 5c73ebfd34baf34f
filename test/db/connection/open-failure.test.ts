import { describe, expect, it } from 'vitest';
import { openFailure, requireVersion } from '../../../src/db/connection/open-failure.ts';

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
