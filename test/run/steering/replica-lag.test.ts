import { describe, expect, it } from 'vitest';

import { createLagGauge } from '../../../src/run/steering/replica-lag.ts';

describe('the gauge of a replica', () => {
  it('does not know how far a replica is behind that has shown no pulse of this process', () => {
    const gauge = createLagGauge();
    expect(gauge.behind(1_000, 0)).toBeNull();
    gauge.wrote({ number: 11, at: 1_000 });
    expect(gauge.behind(10, 2_000)).toBeNull();
    gauge.wrote({ number: 12, at: 2_000 });
    expect(gauge.behind(10, 2_500)).toBeNull();
    expect(gauge.behind(11, 2_500)).toBe(500);
  });

  it('measures from the first pulse that the replica lacks, and 0 where it lacks none', () => {
    const gauge = createLagGauge();
    gauge.wrote({ number: 1, at: 1_000 });
    gauge.wrote({ number: 4, at: 2_000 });
    gauge.wrote({ number: 5, at: 3_000 });
    expect(gauge.behind(1, 3_500)).toBe(1_500);
    // 2 and 3 are pulses of another process.
    expect(gauge.behind(3, 4_500)).toBe(2_500);
    expect(gauge.behind(4, 4_500)).toBe(1_500);
    expect(gauge.behind(7, 9_000)).toBe(0);
    gauge.wrote({ number: 8, at: 9_500 });
    expect(gauge.behind(7, 9_500)).toBe(0);
    expect(gauge.behind(7, 9_900)).toBe(400);
  });
});
