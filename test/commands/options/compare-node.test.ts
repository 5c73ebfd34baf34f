import { expect, it } from 'vitest';

import { nodeSpecs } from '../../../src/commands/options/compare-node.ts';

it('every address of another node is read, and a broken one is named', () => {
  expect(nodeSpecs({})).toEqual([]);
  expect(nodeSpecs({ compareNode: ['sqlite:////a', 'mysql://g@db2/glance'] }).map(({ kind }) => kind)).toEqual([
    'sqlite',
    'mysql',
  ]);
  expect(() => nodeSpecs({ compareNode: ['sqlite:////a', 'oracle://x'] })).toThrow(/^DATABASE_URL[^]*--compare-node/);
});
