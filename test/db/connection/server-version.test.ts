import { describe, expect, it } from 'vitest';
import { requireVersion } from '../../../src/db/connection/server-version.ts';

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
