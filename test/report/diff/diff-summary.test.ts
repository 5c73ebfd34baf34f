import { expect, it } from 'vitest';

import { countsAsDifferent } from '../../../src/report/diff/diff-summary.ts';
import { compared, record } from './records.ts';

it.each([
  ['decision', [record(), record({ envelope: 'ova' })], [true, true, false]],
  ['evidence', [record(), record({ findings: ['A'] })], [true, false, false]],
  ['added', [null, record()], [true, false, false]],
  ['nothing', [record(), record()], [false, false, false]],
] as const)('differs by what was asked for: %s', (_name, pair, expected) => {
  const summary = compared([pair]);
  expect((['any', 'decision', 'none'] as const).map((failOn) => countsAsDifferent(summary, failOn))).toEqual(expected);
});
