import { expect, it } from 'vitest';
import { countText, durationText, imagesText, percentText } from '../../../src/report/words/number-text.ts';

it('thousands are separated by commas', () => {
  expect([0, 999, 1_000, 1_204_000, 12_345_678].map(countText)).toEqual([
    '0',
    '999',
    '1,000',
    '1,204,000',
    '12,345,678',
  ]);
});

it('one image is one image', () => {
  expect([imagesText(0), imagesText(1), imagesText(1_204)]).toEqual(['0 images', '1 image', '1,204 images']);
});

it('a share is never rounded up to all nor down to nothing', () => {
  expect([percentText(999_999, 1_000_000), percentText(1, 1_000_000), percentText(0, 5), percentText(5, 5)]).toEqual([
    '99.9 %',
    '<0.1 %',
    '0.0 %',
    '100.0 %',
  ]);
  expect(percentText(0, 0)).toBe('-');
});

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
