import { expect, it } from 'vitest';

import { paceOf } from '../../../src/run/context/pace-of-batches.ts';

/** Batches by the second of the minute in which they were committed, newest first. */
const at = (...batches: readonly (readonly [time: string, rows: number])[]) =>
  batches.map(([time, rows]) => ({ at: `2026-11-30T${time}Z`, rows }));

it.each([
  ['no batch', [], null],
  ['one batch', at(['12:00:00', 500]), null],
  ['batches of two neighbouring seconds', at(['12:00:01', 500], ['12:00:00', 500]), null],
  ['the rows of the oldest second were written before it', at(['12:00:10', 500], ['12:00:00', 9_000]), 50],
  [
    'batches of one second count together',
    at(['12:00:04', 10], ['12:00:04', 20], ['12:00:02', 30], ['12:00:00', 1]),
    15,
  ],
  ['a minute before the latest counts', at(['12:01:00', 600], ['12:00:00', 600]), 10],
  ['an earlier window does not', at(['12:01:10', 600], ['12:01:00', 600], ['09:00:00', 9]), 60],
  ['a stamp that is none', at(['nonsense', 600], ['12:00:00', 600]), null],
] as const)('the pace of %s', (_, batches, pace) => {
  expect(paceOf(batches)).toBe(pace);
});
