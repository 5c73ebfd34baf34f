import { expect, it } from 'vitest';

import { wholeNumber } from '../../../src/commands/options/numbers.ts';
import { refusal } from '../support/refusal.ts';

it.each([
  ['1', 1],
  ['5', 5],
  [3, 3],
])('%j is within its bounds', (value, number) => {
  expect(wholeNumber('--n', value, 1, 5)).toBe(number);
});

it.each(['0', '6', '1.5', '', ' ', 'two', undefined, true, ['1', '2'], Number.NaN])('%j is refused', (value) => {
  expect(refusal(() => wholeNumber('--n', value, 1, 5))).toEqual(['--n', 'a whole number from 1 to 5', String(value)]);
});
