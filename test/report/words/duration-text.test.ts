import { expect, it } from 'vitest';
import { durationText } from '../../../src/report/words/duration-text.ts';

it('a duration is said in the two largest units that matter', () => {
  expect([1, 4_000, 59_001, 130_000, 3_599_000, 11_100_000].map(durationText)).toEqual([
    '1 s',
    '4 s',
    '1 min 00 s',
    '2 min 10 s',
    '59 min 59 s',
    '3 h 05 min',
  ]);
});
