import { describe } from 'vitest';
import { itNeedsMoreThanTheMagic, itRecognises, type Format } from '../support/formats.ts';
import { be, le } from '../support/windows.ts';

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
