import { expect, it } from 'vitest';
import { summarise } from '../../../../scripts/bench/neighbour/measure.ts';
import { neighbourRows } from '../../../../scripts/bench/results/neighbour-rows.ts';
import { waits } from './samples.ts';

it('gives the medians of the rounds, and how much worse the worst is than beside nothing', () => {
  const rows = neighbourRows({
    images: 80_000,
    waits: {
      'update-all': [waits(4_000, 8_000, 9_000)],
      migrate: [
        { ...waits(4, 22, 44), secondsAlone: 4 },
        { ...waits(4, 22, 44), secondsAlone: 8 },
      ],
      idle: [waits(3, 10, 30), waits(5, 12, 50), waits(4, 11, 40)],
    },
  });
  expect(rows.slice(1)).toEqual([
    ['nothing', '1,000', '4.0', '11.0', '40.0', '1.0', '0', '-', '-'],
    ['migrate, standard settings', '1,000', '4.0', '22.0', '44.0', '2.0', '0', '4,000', '13,333'],
    ['one UPDATE, whole table', '1,000', '4,000', '8,000', '9,000', '727.3', '0', '4,000', '-'],
  ]);
});

it('says nothing about ratios where nothing was measured beside nothing', () => {
  expect(neighbourRows({ images: 1, waits: { migrate: [waits(1, 2, 3)] } })[1]?.[5]).toBe('-');
});

it('knows nothing of a round in which no write was due', () => {
  expect(summarise([], { retries: 0, seconds: 0.01 })).toBeNull();
});

it('takes the median, the 99th of a hundred and the worst of all waits', () => {
  const latencies = Array.from({ length: 200 }, (_, index) => 200.001 - index);
  expect(summarise(latencies, { retries: 2, seconds: 4 })).toEqual({
    writes: 200,
    p50: 100,
    p99: 198,
    worst: 200,
    retries: 2,
    seconds: 4,
  });
});
