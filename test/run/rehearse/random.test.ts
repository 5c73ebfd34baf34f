import { describe, expect, it } from 'vitest';

import { seededRandom } from '../../../src/run/rehearse/random.ts';

describe('seededRandom', () => {
  it('gives the published numbers of mulberry32', () => {
    // bryc's reference, seed 1: the first three outputs divided by 2^32.
    const random = seededRandom(1);
    expect([random(), random(), random()].map((number) => number.toFixed(6))).toEqual([
      '0.627074',
      '0.002736',
      '0.527447',
    ]);
  });

  it('repeats itself for a seed, differs for another, and stays below 1', () => {
    const numbers = (seed: number): readonly number[] => Array.from({ length: 1_000 }, seededRandom(seed));
    expect(numbers(7)).toEqual(numbers(7));
    expect(numbers(8)).not.toEqual(numbers(7));
    for (const number of numbers(2 ** 31 - 1)) {
      expect(number).toBeGreaterThanOrEqual(0);
      expect(number).toBeLessThan(1);
    }
  });
});
