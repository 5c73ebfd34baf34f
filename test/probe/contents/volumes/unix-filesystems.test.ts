import { describe } from 'vitest';
import { itRecognises } from '../support/formats.ts';
import { be, le, type Patch } from '../support/windows.ts';

const KIB = 1024;
const ONE = [1] as const;
const BEFS = (order: typeof le): readonly Patch[] => [
  [32, order(0x42465331, 4)],
  [36, order(0x42494745, 4)],
  [40, order(2048, 4)],
  [44, order(11, 4)],
  [48, order(1536n, 8)],
  [68, order(0xdd121031, 4)],
  [112, order(0x15b6830e, 4)],
];

describe('filesystems of System V, BeOS and NetWare', () => {
  itRecognises([
    [
      'filesystem likely VxFS',
      [
        [1024, le(0xa501fcf5, 4)],
        [1028, le(3, 4)],
        [1056, le(1024, 4)],
      ],
      [1028, le(0, 4)],
      [1056, le(1000, 4)],
    ],
    [
      'filesystem likely VxFS',
      [
        [8192, be(0xa501fcf5, 4)],
        [8196, be(7, 4)],
        [8224, be(8192, 4)],
      ],
      [8196, be(99, 4)],
      [8224, be(4, 4)],
    ],
    ['filesystem certain BeFS', BEFS(le), [36, ONE], [44, ONE], [68, ONE], [112, ONE]],
    ['filesystem certain BeFS', BEFS(be), [39, ONE], [43, ONE], [71, ONE], [115, ONE]],
    ['filesystem likely NSS', [[4096, 'SPB5\x03\0\x01\0']], [4100, [0]], [4103, ONE]],
    ...[0, 9, 15, 18].flatMap((block) => {
      const at = block * KIB + 512;
      return [
        [
          'filesystem likely System V',
          [
            [at, le(5, 2)],
            [at + 4, le(900, 4)],
            [at + 504, le(0xfd187e20, 4)],
            [at + 508, ONE],
          ],
          [at + 8, [51]],
          [at + 508, [4]],
        ] as const,
        [
          'filesystem likely System V',
          [
            [at, be(5, 2)],
            [at + 4, be(900, 4)],
            [at + 504, be(0xfd187e20, 4)],
            [at + 511, ONE],
          ],
          [at + 213, [101]],
        ] as const,
      ];
    }),
    [
      'filesystem likely Xenix',
      [
        [1024, le(5, 2)],
        [1026, le(900, 4)],
        [2040, le(0x2b5544, 4)],
        [2044, ONE],
      ],
      [2044, [3]],
      [1030, [101]],
    ],
    [
      'filesystem likely Xenix',
      [
        [1024, be(5, 2)],
        [1026, be(900, 4)],
        [2040, be(0x2b5544, 4)],
        [2047, ONE],
      ],
      [1432, ONE],
    ],
  ]);
});
