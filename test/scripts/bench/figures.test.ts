import { describe, expect, it } from 'vitest';
import { grouped, median, percentile, textTable } from '../../../scripts/bench/figures.ts';

describe('figures', () => {
  it('take the middle one, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 7])).toBe(6);
    expect(median([])).toBeNaN();
  });

  it('take the smallest that a share of all do not exceed', () => {
    expect(percentile([4, 1, 3, 2], 0.5)).toBe(2);
    expect(percentile([4, 1, 3, 2], 0.51)).toBe(3);
    expect(percentile([4, 1, 3, 2], 1)).toBe(4);
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('are written with separators, a dash for none', () => {
    expect(grouped(1_234_567.8)).toBe('1,234,568');
    expect(grouped(Number.NaN)).toBe('-');
  });

  it('stand in columns', () => {
    expect(
      textTable([
        ['images', '10', '1,000'],
        ['a', '5', '6'],
      ]),
    ).toBe('images  10  1,000\na        5      6');
  });
});
