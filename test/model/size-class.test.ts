import { expect, it } from 'vitest';

import { sizeClass } from '../../src/model/size-class.ts';

const MIB = 1024n * 1024n;

it.each([
  [null, 'empty'],
  [-1n, 'empty'],
  [0n, 'empty'],
  [1n, 'small'],
  [20n * MIB, 'small'],
  [20n * MIB + 1n, 'medium'],
  [512n * MIB, 'medium'],
  [512n * MIB + 1n, 'large'],
])('%s bytes are %s', (size, expected) => {
  expect(sizeClass(size)).toBe(expected);
});
