import { describe, expect, it } from 'vitest';
import { ext } from '../../../../src/probe/contents/volumes/ext.ts';
import { crc32c } from '../support/checksums.ts';
import { itRecognises } from '../support/formats.ts';
import { bytesWith, le, type Patch, patched, verdictOf, windowOf } from '../support/windows.ts';

/** A superblock of 2048 inodes and 8192 blocks of 1 KiB in one group. */
const EXT2: readonly Patch[] = [
  [1024, [...le(2048, 4), ...le(8192, 4)]],
  [1036, [...le(100, 4), ...le(50, 4), ...le(1, 4)]],
  [1056, le(8192, 4)],
  [1064, le(2048, 4)],
  [1080, [0x53, 0xef]],
  [1100, le(1, 4)],
];

/** With the CRC-32C of the first 1020 bytes, not complemented at the end. */
const EXT4 = ((): Uint8Array => {
  const bytes = bytesWith([...EXT2, [1124, le(0x400, 4)]]);
  return patched(bytes, [[2044, le(~crc32c(bytes.slice(1024, 2044)) >>> 0, 4)]]);
})();

describe('ext2, ext3 and ext4', () => {
  itRecognises([
    [
      'filesystem likely ext2',
      EXT2,
      [1024, le(0, 4)],
      [1024, le(2049, 4)],
      [1028, le(0, 4)],
      [1036, le(8193, 4)],
      [1040, le(2049, 4)],
      [1044, le(2, 4)],
      [1048, le(7, 4)],
      [1056, le(0, 4)],
      [1080, [0]],
      [1100, le(2, 4)],
      [1116, le(4, 4)],
      [1120, le(0x40, 4)],
    ],
    ['filesystem likely ext3', [...EXT2, [1116, le(4, 4)]], [1120, le(0x40, 4)]],
    ['filesystem certain ext4', EXT4, [1300, [1]], [2044, [0, 0]]],
    ['other likely ext journal device', [...EXT2, [1120, le(8, 4)], [1024, le(0, 4)]], [1028, le(0, 4)]],
  ]);

  it('a wrong checksum makes it weak', () => {
    expect(verdictOf(windowOf(patched(EXT4, [[1300, [1]]])))).toBe('filesystem weak ext4');
  });
  it('the checksum is not tried where the window ends before it', () => {
    expect(verdictOf(windowOf(EXT4.slice(0, 2047)))).toBe('filesystem likely ext4');
  });
  it('counts the upper half of its blocks only with the feature 64bit', () => {
    const upper: Patch = [1360, le(1, 4)];
    const claimed = (patches: readonly Patch[]): unknown =>
      ext({ bytes: windowOf(bytesWith(patches)).bytes, guestSize: null, sectorSize: 512 })?.claims;
    expect(claimed([...EXT2, upper])).toBe(8_388_608n);
    expect(claimed([...EXT2, [1120, le(0x80, 4)], upper])).toBe(((1n << 32n) + 8192n) * 1024n);
  });
});
