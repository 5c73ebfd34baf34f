import { describe, expect, it } from 'vitest';
import { backOff, LONGEST_WAIT_MS, SHORTEST_WAIT_MS } from '../../src/db/retry.ts';

describe('backOff', () => {
  it('stays within its bounds and grows with the attempts', () => {
    for (let attempt = 1; attempt < 40; attempt += 1) {
      expect(backOff(attempt, 0)).toBe(SHORTEST_WAIT_MS);
      expect(backOff(attempt, 0.999_999)).toBeLessThanOrEqual(LONGEST_WAIT_MS);
    }
    expect(backOff(1, 0.999)).toBeLessThan(backOff(5, 0.999));
    expect(backOff(60, 0.999_999)).toBeGreaterThan(LONGEST_WAIT_MS * 0.99);
  });
});
