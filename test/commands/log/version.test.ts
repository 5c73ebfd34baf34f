import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

import { toolVersion } from '../../../src/commands/log/version.ts';

it('the version is that of the package', () => {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  expect(text).toContain(`"version": "${toolVersion()}"`);
});
