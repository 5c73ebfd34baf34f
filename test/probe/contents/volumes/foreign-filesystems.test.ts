import { describe } from 'vitest';
import { itNeedsMoreThanTheMagic, itRecognises, type Format } from '../support/formats.ts';
import { be, le, type Patch } from '../support/windows.ts';

const FORMATS: readonly Format[] = [
  [
    'filesystem likely HFS+',
    [
      [1024, [0x48, 0x2b, 0, 4]],
      [1064, be(4096, 4)],
      [1068, be(16, 4)],
    ],
    [1064, be(700, 4)],
    [1072, be(17, 4)],
  ],
  [
    'filesystem likely HFSX',
    [
      [1024, [0x48, 0x58, 0, 5]],
      [1064, be(4096, 4)],
      [1068, be(16, 4)],
    ],
    [1068, be(0, 4)],
  ],
  [
    'filesystem likely APFS',
    [
      [24, le(0x80000001, 4)],
      [32, 'NXSB'],
      [36, le(4096, 4)],
      [40, le(100n, 8)],
    ],
    [24, [2]],
    [36, le(5000, 4)],
    [40, le(0n, 8)],
  ],
  [
    'filesystem likely HPFS',
    [
      [8192, [0x49, 0xe8, 0x95, 0xf9, 0xc5, 0xe9, 0x53, 0xfa]],
      [8704, [0x49, 0x18, 0x91, 0xf9, 0xc5, 0x29, 0x52, 0xfa]],
    ],
    [8704, [0]],
  ],
  [
    'filesystem likely ZFS',
    [
      [16_384, [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
      [16_404, [0, 0, 0, 7]],
      [16_408, 'version'],
    ],
    [16_384, [2]],
    [16_395, [2]],
  ],
  [
    'filesystem likely UFS2',
    [
      [65_584, le(32_768, 4)],
      [65_588, le(4096, 4)],
      [65_592, le(8, 4)],
      [66_908, le(0x19540119, 4)],
    ],
    [65_588, le(3000, 4)],
    [65_592, le(4, 4)],
  ],
  [
    'filesystem likely UFS1',
    [
      [8240, be(8192, 4)],
      [8244, be(1024, 4)],
      [8248, be(8, 4)],
      [9564, [0x00, 0x01, 0x19, 0x54]],
    ],
    [8240, be(3000, 4)],
    [8248, be(4, 4)],
  ],
];

describe('filesystems of the BSDs, Solaris, Apple and OS/2', () => {
  itRecognises(FORMATS);
  itNeedsMoreThanTheMagic(FORMATS);
});

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

const minix = (version: 1 | 3): readonly Patch[] =>
  version === 1
    ? [
        [1024, be(64, 2)],
        [1026, be(100, 2)],
        [1028, be(1, 2)],
        [1030, be(1, 2)],
        [1032, be(6, 2)],
        [1040, be(0x138f, 2)],
        [1042, be(1, 2)],
      ]
    : [
        [1024, be(64, 4)],
        [1030, be(1, 2)],
        [1032, be(1, 2)],
        [1034, be(5, 2)],
        [1048, be(0x4d5a, 2)],
        [1052, be(4096, 2)],
      ];

const HFS: readonly Patch[] = [
  [1024, 'BD'],
  [1038, be(3, 2)],
  [1042, be(1000, 2)],
  [1044, be(4096, 4)],
];

describe('filesystems with a magic of 16 bits', () => {
  itRecognises([
    ['filesystem weak MINIX', minix(1), [1032, be(7, 2)], [1028, be(2, 2)]],
    ['filesystem weak MINIX', minix(3), [1052, be(3000, 2)], [1034, be(6, 2)]],
    ['filesystem weak HFS', HFS, [1038, be(4, 2)], [1044, be(700, 4)], [1042, [0, 0]], [1060, [28]]],
  ]);
});
