import { describe, expect, it } from 'vitest';

import { durationOf } from '../../../src/commands/options/duration.ts';
import { refusal } from '../support/refusal.ts';

describe('a length of time', () => {
  it.each([
    ['90s', 90_000, '90s'],
    ['90', 90_000, '90s'],
    ['30m', 1_800_000, '30m'],
    ['30min', 1_800_000, '30min'],
    ['2h', 7_200_000, '2h'],
    ['1h30m', 5_400_000, '1h30m'],
    ['1h 30m', 5_400_000, '1h30m'],
    ['1d2h3m4s', 93_784_000, '1d2h3m4s'],
    ['2H', 7_200_000, '2h'],
    ['1', 1_000, '1s'],
    ['30d', 2_592_000_000, '30d'],
  ])('%s is %i ms', (given, milliseconds, text) => {
    expect(durationOf('--max-time', given)).toEqual({ milliseconds, text });
  });

  it.each(['', ' ', '0', '0s', '-1', '1.5h', '30d1s', 'x', 'h', '2 hours', '1m1h', '99999999s', '1e3', '٣h'])(
    '%j is refused',
    (given) => {
      expect(refusal(() => durationOf('--max-time', given))).toEqual([
        '--max-time',
        'a time such as 90s, 30m, 2h or 1h30m, from a second to 30 days',
        given,
      ]);
    },
  );
});
