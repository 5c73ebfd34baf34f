import { describe, expect, it } from 'vitest';

import { createFlowGauge } from '../../../src/run/steering/flow-control.ts';

describe('the gauge of flow control', () => {
  it('says which part of the time a node was held up, once it has two readings of it', () => {
    const gauge = createFlowGauge();
    expect(gauge.paused({ node: 'a', pausedMs: 5_000 }, 1_000)).toBeNull();
    expect(gauge.paused({ node: 'a', pausedMs: 5_000 }, 2_000)).toBe(0);
    expect(gauge.paused({ node: 'a', pausedMs: 5_020 }, 3_000)).toBe(2);
    expect(gauge.paused({ node: 'a', pausedMs: 5_520 }, 4_000)).toBe(50);
    // Two clocks: the server's may run ahead by a little.
    expect(gauge.paused({ node: 'a', pausedMs: 6_530 }, 5_000)).toBe(100);
  });

  it('compares readings of one node, whichever answers', () => {
    const gauge = createFlowGauge();
    expect(gauge.paused({ node: 'a', pausedMs: 0 }, 0)).toBeNull();
    expect(gauge.paused({ node: 'b', pausedMs: 900_000 }, 1_000)).toBeNull();
    expect(gauge.paused({ node: 'a', pausedMs: 100 }, 2_000)).toBe(5);
    expect(gauge.paused({ node: 'b', pausedMs: 900_300 }, 4_000)).toBe(10);
  });

  it('begins anew after a counter was reset, and after a long silence', () => {
    const gauge = createFlowGauge();
    gauge.paused({ node: 'a', pausedMs: 5_000 }, 0);
    expect(gauge.paused({ node: 'a', pausedMs: 10 }, 1_000)).toBeNull();
    expect(gauge.paused({ node: 'a', pausedMs: 30 }, 2_000)).toBe(2);
    expect(gauge.paused({ node: 'a', pausedMs: 30 }, 12_000)).toBe(0);
    expect(gauge.paused({ node: 'a', pausedMs: 30 }, 22_001)).toBeNull();
  });
});
