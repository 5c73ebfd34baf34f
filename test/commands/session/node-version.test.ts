import { describe, expect, it } from 'vitest';

import { nodeTooOld } from '../../../src/commands/session/node-version.ts';

describe('nodeTooOld', () => {
  it.each(['20.19.0', '20.20.2', '21.0.0', '22.4.1', '24.0.0-nightly', '100.0.0'])('takes %s', (version) => {
    expect(nodeTooOld(version)).toBeNull();
  });

  it.each(['20.18.3', '20.9.0', '18.20.4', '12.22.12', '9.99.0', ''])('refuses %s', (version) => {
    expect(nodeTooOld(version)).toMatchObject({
      code: 'NODE_TOO_OLD',
      exitCode: 2,
      message: expect.stringContaining(`expected Node.js 20.19 or later\n  found    Node.js ${version}`) as string,
    });
  });
});
