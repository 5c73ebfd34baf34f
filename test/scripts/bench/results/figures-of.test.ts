import { expect, it } from 'vitest';
import { figuresOf } from '../../../../scripts/bench/results/figures-of.ts';
import { MEASURES } from './samples.ts';

const SAMPLE = { rows: 10, seconds: 1, peakMib: null, cpuSeconds: null, measures: null };

it('keeps every duration, the largest peak, the median processor time and the median of each figure of the product', () => {
  const measures = (statements: number | null) => ({ ...MEASURES, statements });
  const found = figuresOf({
    plan: [
      { ...SAMPLE, seconds: 1.234567, peakMib: 100, cpuSeconds: 3, measures: measures(10) },
      { ...SAMPLE, seconds: 2, peakMib: 120.123456, cpuSeconds: 1, measures: measures(null) },
      { ...SAMPLE, seconds: 3, peakMib: 110, cpuSeconds: 2, measures: measures(30) },
    ],
    'update-all': [SAMPLE],
    'dump-both': [],
  });
  expect(found).toEqual({
    plan: {
      rows: 10,
      seconds: [1.2346, 2, 3],
      peakMib: 120.12,
      cpuSeconds: 2,
      measures: { ...MEASURES, statements: 20 },
    },
    'update-all': { rows: 10, seconds: [1], peakMib: null, cpuSeconds: null, measures: null },
  });
});
