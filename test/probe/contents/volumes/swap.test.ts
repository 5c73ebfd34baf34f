import { describe, expect, it } from 'vitest';
import { be, bytesWith, le, verdictOf, windowOf } from '../support/windows.ts';

describe('swap space', () => {
  it.each([4096, 8192, 16_384, 32_768, 65_536])('with pages of %d bytes', (page) => {
    const window = windowOf(
      bytesWith([
        [1024, le(1, 4)],
        [1028, le(5, 4)],
        [page - 10, 'SWAPSPACE2'],
      ]),
    );
    expect(verdictOf(window)).toBe('other certain Linux swap');
  });
  it.each([
    [
      'of the other byte order',
      [
        [1024, be(1, 4)],
        [1028, be(5, 4)],
        [4086, 'SWAPSPACE2'],
      ],
      'other certain Linux swap',
    ],
    ['of version 0', [[4086, 'SWAP-SPACE']], 'other likely Linux swap'],
    ['with a suspended system', [[4086, 'S1SUSPEND']], 'other likely Linux swap'],
    [
      'without a last page',
      [
        [1024, le(1, 4)],
        [4086, 'SWAPSPACE2'],
      ],
      'unknown',
    ],
    [
      'of another version',
      [
        [1024, le(2, 4)],
        [1028, le(5, 4)],
        [4086, 'SWAPSPACE2'],
      ],
      'unknown',
    ],
  ] as const)('%s', (_, patches, line) => expect(verdictOf(windowOf(bytesWith(patches)))).toBe(line));
});
