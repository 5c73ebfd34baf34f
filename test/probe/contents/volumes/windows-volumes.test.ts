import { describe, expect, it } from 'vitest';
import { itRecognises } from '../support/formats.ts';
import { bytesWith, le, type Patch, patched, verdictOf, windowOf } from '../support/windows.ts';

const BITLOCKER_ID = [0x3b, 0xd6, 0x67, 0x49, 0x29, 0x2e, 0xd8, 0x4a, 0x83, 0x99, 0xf6, 0xa3, 0x39, 0xe3, 0xd0, 0x01];

const NTFS: readonly Patch[] = [
  [3, 'NTFS    '],
  [11, le(512, 2)],
  [13, [8]],
  [40, le(2048n, 8)],
  [48, le(4n, 8)],
];

/** exFAT with sectors of 512 bytes and the checksum of its first eleven sectors in the twelfth. */
function exfat(patches: readonly Patch[]): Uint8Array {
  const bytes = bytesWith([[3, 'EXFAT   '], [72, le(2048n, 8)], [108, [9, 3, 1]], [510, [0x55, 0xaa]], ...patches]);
  let sum = 0;
  for (let index = 0; index < 11 * 512; index += 1) {
    if (index === 106 || index === 107 || index === 112) continue;
    sum = (((sum << 31) | (sum >>> 1)) + (bytes[index] ?? 0)) >>> 0;
  }
  return patched(bytes, [[11 * 512, le(sum, 4)]]);
}

describe('volumes of Windows', () => {
  itRecognises([
    [
      'filesystem certain NTFS',
      NTFS,
      [11, le(500, 2)],
      [13, [3]],
      [14, [1]],
      [22, [1]],
      [32, [1]],
      [40, le(0n, 8)],
      [48, le(0n, 8)],
    ],
    ['filesystem certain exFAT', exfat([]), [200, [1]], [20, [1]], [108, [13]], [110, [3]], [3, 'EXFAT  x']],
    ['encrypted BitLocker', [[3, '-FVE-FS-']]],
    [
      'encrypted BitLocker',
      [
        [3, 'MSWIN4.1'],
        [424, BITLOCKER_ID],
      ],
    ],
  ]);

  it('exFAT leaves volume flags and the share in use out of the checksum', () => {
    const mounted = patched(exfat([]), [
      [106, [2, 0]],
      [112, [80]],
    ]);
    expect(verdictOf(windowOf(mounted))).toBe('filesystem certain exFAT');
  });
  it('exFAT whose checksum lies behind the window is likely', () => {
    expect(verdictOf(windowOf(exfat([]).slice(0, 11 * 512 + 3)))).toBe('filesystem likely exFAT');
  });
  it('exFAT with a wrong checksum is weak', () => {
    expect(verdictOf(windowOf(patched(exfat([]), [[300, [1]]])))).toBe('filesystem weak exFAT');
  });
});

/** A floppy of 2880 sectors: two tables of nine sectors behind one reserved sector, 224 entries in the root directory. */
const FLOPPY: readonly Patch[] = [
  [0, [0xeb, 0x3c, 0x90]],
  [11, [...le(512, 2), 1, ...le(1, 2), 2, ...le(224, 2), ...le(2880, 2), 0xf0, ...le(9, 2)]],
  [54, 'FAT12   '],
  [510, [0x55, 0xaa]],
  [512, [0xf0, 0xff, 0xff]],
  [512 * 10, [0xf0, 0xff, 0xff]],
];
const UNLABELLED: readonly Patch[] = [...FLOPPY, [54, '        ']];

/** FAT16 and FAT32 by the number of clusters of one sector each. */
const disk = (sectors: number, tableSectors: number): readonly Patch[] => [
  [0, [0xeb, 0x3c, 0x90]],
  [11, [...le(512, 2), 1, ...le(1, 2), 2, ...le(512, 2), ...le(0, 2), 0xf8, ...le(tableSectors, 2)]],
  [32, le(sectors, 4)],
  [54, 'FAT     '],
  [510, [0x55, 0xaa]],
  [512, [0xf8, 0xff, 0xff, 0xff]],
];

describe('FAT', () => {
  itRecognises([
    [
      'filesystem certain FAT12',
      FLOPPY,
      [3, 'NTFS    '],
      [11, le(500, 2)],
      [13, [3]],
      [14, [0, 0]],
      [16, [0]],
      [16, [5]],
      [17, [0, 0]],
      [19, le(20, 2)],
      [21, [0xf1]],
      [54, 'JFS     '],
      [512, [0]],
    ],
    ['filesystem likely FAT12', UNLABELLED, [512, [0]]],
  ]);

  it('without a label needs a second table where jump or 55 AA is missing', () => {
    for (const at of [0, 510]) {
      expect(verdictOf(windowOf(bytesWith([...UNLABELLED, [at, [0, 0]]])))).toBe('filesystem likely FAT12');
      expect(verdictOf(windowOf(bytesWith([...UNLABELLED, [at, [0, 0]], [512 * 10, [0]]])))).toBe('unknown');
    }
  });
  it('without its table is weak: the sector may be a remainder', () => {
    expect(verdictOf(windowOf(bytesWith([...FLOPPY, [512, [0]]])))).toBe('filesystem weak FAT12');
  });
  it('has the variant of its number of clusters: 4084 and 4085 of one sector', () => {
    // One reserved sector, two tables, 32 sectors of the root directory.
    const overhead = (tableSectors: number): number => 1 + 2 * tableSectors + 32;
    expect(verdictOf(windowOf(bytesWith(disk(4084 + overhead(12), 12))))).toBe('filesystem certain FAT12');
    expect(verdictOf(windowOf(bytesWith(disk(4085 + overhead(16), 16))))).toBe('filesystem certain FAT16');
    expect(verdictOf(windowOf(bytesWith(disk(65_524 + overhead(256), 256))))).toBe('filesystem certain FAT16');
  });
  it('FAT32 without a label is likely by its information sector', () => {
    const fat32: readonly Patch[] = [
      [11, [...le(512, 2), 1, ...le(32, 2), 2, ...le(0, 2), ...le(0, 2), 0xf8, ...le(0, 2)]],
      [32, le(100_000, 4)],
      [36, le(700, 4)],
      [48, le(1, 2)],
      [512, 'RRaA'],
      [996, 'rrAa'],
      [32 * 512, [0xf8, 0xff, 0xff, 0x0f]],
    ];
    expect(verdictOf(windowOf(bytesWith(fat32)))).toBe('filesystem likely FAT32');
    expect(verdictOf(windowOf(bytesWith([...fat32, [996, 'x']])))).toBe('unknown');
  });
});
