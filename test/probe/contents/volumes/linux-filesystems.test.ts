import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { crc32c, rawCrc, signed } from '../support/checksums.ts';
import { itNeedsMoreThanTheMagic, itRecognises, type Format } from '../support/formats.ts';
import { be, bytesWith, le, type Patch, verdictOf, windowOf } from '../support/windows.ts';

const ONE = [1] as const;
const BCACHEFS = [0xc6, 0x85, 0x73, 0xf6, 0x66, 0xce, 0x90, 0xa9, 0xd9, 0x6a, 0x60, 0xcf, 0x80, 0x3d, 0xf7, 0xef];
const BCACHE = [0xc6, 0x85, 0x73, 0xf6, 0x4e, 0x1a, 0x45, 0xca, 0x82, 0x65, 0xf5, 0x7f, 0x48, 0xba, 0x6d, 0x81];
const OLD_BCACHEFS = signed(
  [
    [4120, BCACHE],
    [4200, le(8n, 8)],
    [4218, [0, 1]],
    [4220, le(4, 4)],
    [4240, [4]],
    [4336, BCACHE],
  ],
  4096,
  [4112, 4096 + 752 + 32],
  (bytes) => le(crc32c(bytes), 4),
);

const ZONEFS = signed(
  [
    [0, 'SFOZ'],
    [8, 'label'],
  ],
  4,
  [0, 4096],
  (bytes) => le(rawCrc(bytes, 0xffff_ffff), 4),
);
const MPOOL = signed(
  [
    [0, 'mpoolDev'],
    [8, 'name'],
  ],
  62,
  [0, 62],
  (bytes) => le(crc32c(bytes), 4),
);

/** XFS of version 5; the checksum at 224 covers the sector with itself as zero. */
const XFS = signed(
  [
    [0, 'XFSB'],
    [4, be(4096, 4)],
    [8, be(1000n, 8)],
    [100, be(5, 2)],
    [102, be(512, 2)],
  ],
  224,
  [0, 512],
  (bytes) => le(crc32c(bytes), 4),
);

/** Btrfs at 64 KiB with a checksum of type `type`. */
function btrfs(type: number, sum: (bytes: Uint8Array) => readonly number[]): Uint8Array {
  return signed(
    [
      [65_584, le(65_536n, 8)],
      [65_600, '_BHRfS_M'],
      [65_732, le(type, 2)],
    ],
    65_536,
    [65_568, 69_632],
    sum,
  );
}

const NILFS = signed(
  [
    [1030, [0x34, 0x34]],
    [1032, le(280, 2)],
    [1036, le(7, 4)],
  ],
  1040,
  [1024, 1304],
  (bytes) => le(rawCrc(bytes, 7), 4),
);

const FORMATS: readonly Format[] = [
  ['filesystem certain XFS', XFS, [300, ONE], [100, [0, 6]], [4, be(3000, 4)]],
  [
    'filesystem likely XFS',
    [
      [0, 'XFSB'],
      [4, be(4096, 4)],
      [100, be(4, 2)],
      [102, be(512, 2)],
    ],
    [100, be(3, 2)],
  ],
  ['filesystem certain Btrfs', btrfs(0, (bytes) => le(crc32c(bytes), 4)), [66_000, ONE], [65_584, ONE]],
  ['filesystem certain Btrfs', btrfs(2, (bytes) => [...createHash('sha256').update(bytes).digest()]), [66_000, ONE]],
  ['filesystem likely Btrfs', btrfs(1, () => [1, 2, 3, 4]), [65_600, 'x']],
  [
    'filesystem likely JFS',
    [
      [32_768, 'JFS1'],
      [32_784, le(4096, 4)],
      [32_788, le(12, 2)],
      [32_792, le(512, 4)],
      [32_796, le(9, 2)],
    ],
    [32_784, le(2048, 4)],
    [32_796, le(10, 2)],
  ],
  [
    'filesystem likely F2FS',
    [
      [1024, [0x10, 0x20, 0xf5, 0xf2]],
      [1032, le(9, 4)],
      [1036, le(3, 4)],
      [1040, le(12, 4)],
    ],
    [1036, le(4, 4)],
    [1028, le(17, 2)],
  ],
  ['filesystem certain NILFS2', NILFS, [1100, ONE], [1032, le(2000, 2)]],
  [
    'filesystem certain OCFS2',
    [
      [2048, 'OCFSV2'],
      [2296, le(10, 4)],
    ],
    [2296, le(12, 4)],
  ],
  [
    'filesystem likely OCFS',
    [
      [4, le(1, 4)],
      [8, 'OracleCFS\0'],
    ],
    [4, 'text'],
  ],
  [
    'filesystem certain GFS2',
    [
      [65_536, [0x01, 0x16, 0x19, 0x70, 0, 0, 0, 1]],
      [65_572, be(4096, 4)],
    ],
    [65_572, be(1000, 4)],
  ],
  [
    'filesystem certain Reiser4',
    [
      [65_536, 'ReIsEr4'],
      [65_554, le(4096, 2)],
    ],
    [65_554, le(1000, 2)],
  ],
  [
    'filesystem certain ReiserFS',
    [
      [8192, le(100, 4)],
      [8236, le(4096, 2)],
      [8244, 'ReIsErFs'],
    ],
    [8192, le(0, 4)],
    [8236, le(1000, 2)],
  ],
  ['filesystem certain bcachefs', OLD_BCACHEFS, [4200, [9]], [4219, [0]], [4336, ONE]],
  ['filesystem certain zonefs', ZONEFS, [4, ONE], [4000, ONE]],
  ['filesystem certain mpool', MPOOL, [62, ONE], [20, ONE]],
];

describe('filesystems of Linux', () => {
  itRecognises(FORMATS);
  itNeedsMoreThanTheMagic(FORMATS);

  /** A superblock of the CRC-32C kind with one word of fields; the checksum is off by `difference`. */
  function bcachefs(difference: number): readonly Patch[] {
    const fields: readonly Patch[] = [
      [4120, BCACHEFS],
      [4220, le(1, 4)],
      [4240, [1 << 2]],
    ];
    const summed = crc32c(bytesWith(fields).subarray(4112, 4096 + 752 + 8));
    return [...fields, [4096, le(summed ^ difference, 4)]];
  }

  it('bcachefs by CRC-32C', () => {
    expect(verdictOf(windowOf(bytesWith(bcachefs(0))))).toBe('filesystem certain bcachefs');
    expect(verdictOf(windowOf(bytesWith(bcachefs(1))))).toBe('filesystem weak bcachefs');
    const further: Patch = [4220, le(0xffff_ffff, 4)];
    expect(verdictOf(windowOf(bytesWith([...bcachefs(0), further])))).toBe('filesystem likely bcachefs');
  });
});
