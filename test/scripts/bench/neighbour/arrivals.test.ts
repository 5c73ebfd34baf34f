import { describe, expect, it } from 'vitest';
import { type Arrival, arrivals } from '../../../../scripts/bench/neighbour/arrivals.ts';
import { Random } from '../../../../scripts/fixtures/cloud/random.ts';

function first(count: number, seed: number): readonly Arrival[] {
  const found: Arrival[] = [];
  const schedule = arrivals(new Random(seed), 50);
  while (found.length < count) found.push(schedule.next().value);
  return found;
}

describe('the writes of a simulated Glance', () => {
  it('come at the rate that was asked for, with gaps of a Poisson process', () => {
    const found = first(20_000, 1);
    const gaps = found.map(({ at }, index) => at - (found[index - 1]?.at ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    expect(mean).toBeGreaterThan(19.5);
    expect(mean).toBeLessThan(20.5);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
    // Of exponential gaps one in e is longer than the mean.
    expect(gaps.filter((gap) => gap > 20).length / gaps.length).toBeCloseTo(1 / Math.E, 1);
  });

  it('are mostly saves, some with a property, and now and then a new image', () => {
    const found = first(20_000, 1);
    const share = (write: Arrival['write']): number => found.filter((one) => one.write === write).length / found.length;
    expect(share('create')).toBeCloseTo(0.004, 2);
    expect(share('create')).toBeGreaterThan(0);
    expect(share('save-with-property')).toBeCloseTo(0.1, 1);
    expect(share('save')).toBeGreaterThan(0.85);
  });

  it('are the same for the same seed', () => {
    expect(first(100, 7)).toEqual(first(100, 7));
    expect(first(100, 7)).not.toEqual(first(100, 8));
  });
});
