import { describe, expect, it } from 'vitest';
import { ratioOf, ratioText } from '../../../../scripts/bench/results/ratios.ts';
import { figures } from './samples.ts';

const COMPARISON = { product: 'migrate-columns', baseline: 'update-all' } as const;

describe('a ratio', () => {
  it('is taken round by round, and is above 1 where the product is faster', () => {
    const found = ratioOf({ 'migrate-columns': figures([1, 4, 2]), 'update-all': figures([2, 2, 6]) }, COMPARISON);
    expect(found).toEqual({ median: 2, least: 0.5, most: 3 });
  });

  it('is one of rows a second, where the baseline went over fewer rows', () => {
    const loop = figures([10], { rows: 100 });
    const found = ratioOf({ 'migrate-columns': figures([10]), 'update-all': loop }, COMPARISON);
    expect(found?.median).toBeCloseTo(10);
  });

  it('is none where one of the two was not run', () => {
    expect(ratioOf({ plan: figures([1]) }, { product: 'plan', baseline: 'dump-images' })).toBeNull();
    expect(ratioText(null)).toBe('-');
  });

  it('is written with the least and the most of the rounds, with digits enough for small ones', () => {
    expect(ratioText({ median: 0.456, least: 0.4, most: 0.5 })).toBe('0.46 (0.40–0.50)');
    expect(ratioText({ median: 0.0321, least: 0.03, most: 0.04 })).toBe('0.032 (0.030–0.040)');
    expect(ratioText({ median: 14.6, least: 9.4, most: 20 })).toBe('15 (9–20)');
  });
});
