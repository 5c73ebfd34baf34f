import { inspect } from 'node:util';
import { expect, it } from 'vitest';

import { Secret } from '../../src/model/secret.ts';

it('a secret is shown only by reveal', () => {
  const secret = new Secret('p4ss');
  const shown = [
    String(secret),
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ deep: [secret] }, { showHidden: true }),
  ];
  for (const text of shown) expect(text).not.toContain('p4ss');
  expect(JSON.stringify({ secret })).toBe('{"secret":"***"}');
  expect(secret.reveal()).toBe('p4ss');
});
