import { describe, expect, it } from 'vitest';
import { itRecognises } from '../support/formats.ts';
import { bytesWith, le, type Patch, verdictOf, windowOf } from '../support/windows.ts';

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
