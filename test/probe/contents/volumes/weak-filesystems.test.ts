import { describe } from 'vitest';
import { itRecognises } from '../support/formats.ts';
import { be, type Patch } from '../support/windows.ts';

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
