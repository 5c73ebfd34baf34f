import { expect, it } from 'vitest';

import { createRate } from '../../../src/report/log/rate.ts';

it('needs two readings, the first of which only sets the mark', () => {
  const rate = createRate(1_000);
  expect(rate.perSecond(0)).toBeNull();
  rate.at(900, 1_000);
  expect(rate.perSecond(1_000)).toBeNull();
  rate.at(1_000, 2_000);
  expect(rate.perSecond(2_000)).toBe(100);
});

it('rows and their time have lost two thirds of their weight after the time that is remembered', () => {
  const rate = createRate(1_000);
  rate.at(0, 0);
  rate.at(100, 1_000);
  rate.at(100, 2_000);
  // 100 / e rows in 1 / e + 1 seconds.
  expect(rate.perSecond(2_000)).toBeCloseTo(100 / (1 + Math.E), 6);
});

it('a first batch that is small and slow counts no more than its own time', () => {
  const rate = createRate(30_000);
  rate.at(0, 0);
  rate.at(300, 100);
  rate.at(40_300, 1_100);
  // 300 rows in 0.1 s, both by e^(-1/30), and 40,000 rows in 1 s.
  expect(rate.perSecond(1_100)).toBeCloseTo(40_290.16 / 1.096_721_6, 0);
});

it('falls while no reading comes, but not within the time that a batch may take', () => {
  const rate = createRate(10_000);
  rate.at(0, 0);
  rate.at(100, 1_000);
  expect(rate.perSecond(5_999)).toBe(100);
  expect(rate.perSecond(11_000)).toBeCloseTo(100 / Math.E, 6);
});

it('ignores a second reading of the same moment', () => {
  const rate = createRate(1_000);
  rate.at(0, 0);
  rate.at(50, 0);
  rate.at(100, 1_000);
  expect(rate.perSecond(1_000)).toBe(100);
});
