import { describe, expect, it } from 'vitest';
import { be, bytesWith, le, type Patch, verdictOf, windowOf } from '../support/windows.ts';

describe('kernels with headers of other kinds, written after their specification', () => {
  const kernels: readonly (readonly [string, readonly Patch[]])[] = [
    [
      'kernel likely arm64 Image',
      [
        [56, 'ARM\x64'],
        [16, le(1000n, 8)],
        [24, [0x0a]],
      ],
    ],
    [
      'kernel certain arm64 Image',
      [
        [0, 'MZ'],
        [56, 'ARM\x64'],
        [60, le(64, 4)],
        [64, 'PE\0\0'],
      ],
    ],
    [
      'kernel certain RISC-V Image',
      [
        [32, le(2, 4)],
        [48, 'RISCV'],
        [56, 'RSC\x05'],
      ],
    ],
    [
      'kernel likely RISC-V Image',
      [
        [32, le(1, 4)],
        [48, 'RISCV'],
      ],
    ],
    [
      'kernel certain ARM zImage',
      [
        [36, le(0x016f2818, 4)],
        [44, le(5000, 4)],
        [48, le(0x04030201, 4)],
      ],
    ],
    [
      'kernel certain ARM zImage',
      [
        [36, be(0x016f2818, 4)],
        [44, be(5000, 4)],
        [48, be(0x04030201, 4)],
      ],
    ],
    [
      'kernel likely ARM zImage',
      [
        [0, [0, 0, 0xa0, 0xe1, 0, 0, 0xa0, 0xe1]],
        [36, le(0x016f2818, 4)],
        [44, le(5000, 4)],
      ],
    ],
    ['kernel likely s390 image', [[65_544, 'S390EP']]],
  ];
  it.each(kernels)('%s', (line, patches) => expect(verdictOf(windowOf(bytesWith(patches)))).toBe(line));

  const none: readonly (readonly [string, readonly Patch[]])[] = [
    [
      'an arm64 magic among used words',
      [
        [56, 'ARM\x64'],
        [40, [1]],
      ],
    ],
    [
      'an arm64 magic with odd flags',
      [
        [56, 'ARM\x64'],
        [30, [1]],
      ],
    ],
    [
      'a RISC-V magic of a far version',
      [
        [32, le(0x20000, 4)],
        [56, 'RSC\x05'],
      ],
    ],
    [
      'an ARM magic that ends before it starts',
      [
        [36, le(0x016f2818, 4)],
        [40, le(9, 4)],
        [48, le(0x04030201, 4)],
      ],
    ],
    [
      'an ARM magic alone',
      [
        [36, le(0x016f2818, 4)],
        [44, le(5000, 4)],
      ],
    ],
    [
      'an empty ARM zImage',
      [
        [36, le(0x016f2818, 4)],
        [48, le(0x04030201, 4)],
      ],
    ],
  ];
  it.each(none)('%s is none', (_, patches) => expect(verdictOf(windowOf(bytesWith(patches)))).toBe('unknown'));
});
