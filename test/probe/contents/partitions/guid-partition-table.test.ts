import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  hasGuidPartitionTable,
  isRefusedBootSector,
} from '../../../../src/probe/contents/partitions/guid-partition-table.ts';
import { recogniseContent } from '../../../../src/probe/contents/recognise.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { bytesWith, le, type Patch, patched, verdictOf, windowOf } from '../support/windows.ts';

const SIZE = 64 * 1024 * 1024;

/** A GPT of one partition on blocks of `block` bytes; `changes` are made before the header is signed. */
function gpt(block = 512, changes: readonly Patch[] = []): Uint8Array {
  const entries = bytesWith([[0, [...new Uint8Array(32).fill(7), ...le(2048n, 8), ...le(4095n, 8)]]], 128 * 128);
  const unsigned = bytesWith([
    [450, [0xee]],
    [454, [...le(1, 4), ...le(0xffff_ffff, 4)]],
    [447, [0, 2, 0]],
    [510, [0x55, 0xaa]],
    [block, 'EFI PART\0\0\x01\0'],
    [block + 12, le(92, 4)],
    [block + 24, le(1n, 8)],
    [block + 32, le(BigInt(SIZE / block - 1), 8)],
    [block + 72, le(2n, 8)],
    [block + 80, [...le(128, 4), ...le(128, 4), ...le(crc32(entries), 4)]],
    [2 * block, entries],
    ...changes,
  ]);
  const length = new DataView(unsigned.buffer).getUint32(block + 12, true);
  return patched(unsigned, [[block + 16, le(crc32(unsigned.slice(block, block + length)), 4)]]);
}

const known = { guestSize: SIZE };

describe('a GPT', () => {
  it.each([512, 1024, 2048, 4096])('on blocks of %d bytes, whatever the sector size is said to be', (block) => {
    expect(verdictOf(windowOf(gpt(block), known))).toBe('disk certain GPT');
    expect(verdictOf(windowOf(gpt(block), { ...known, sectorSize: block }))).toBe('disk certain GPT');
    expect(hasGuidPartitionTable(windowOf(gpt(block)))).toBe(true);
  });
  const wrong: readonly (readonly [string, Patch])[] = [
    ['another block', [536, le(2n, 8)]],
    ['a header longer than its block', [524, le(513, 4)]],
    ['a header too short', [524, le(91, 4)]],
    ['entries of 100 bytes', [596, le(100, 4)]],
    ['another revision', [520, [0, 0, 2, 0]]],
  ];
  it.each(wrong)('that names %s is none, though its checksum holds', (_, patch) => {
    expect(verdictOf(windowOf(gpt(512, [patch]), known))).toBe('disk weak protective MBR');
    expect(hasGuidPartitionTable(windowOf(gpt(512, [patch])))).toBe(false);
  });
  it('with a changed header is only its protective MBR', () => {
    expect(verdictOf(windowOf(patched(gpt(), [[560, [9]]]), known))).toBe('disk weak protective MBR');
  });
  it('with entries that do not add up is likely', () => {
    expect(verdictOf(windowOf(patched(gpt(), [[1100, [1]]]), known))).toBe('disk likely GPT');
  });
  it.each([
    [3n, 0xffff_ffff],
    [0xffff_ffff_ffffn, 128],
  ])('with %d as the block of its entries and %d of them is not read beyond the window', (block, count) => {
    const far: readonly Patch[] = [
      [584, le(block, 8)],
      [592, le(count, 4)],
    ];
    expect(verdictOf(windowOf(gpt(512, far), known))).toBe('disk likely GPT');
  });
  it('of a disk one sector longer was cut', () => {
    expect(recogniseContent(windowOf(gpt(), known))).toMatchObject({ safety: [] });
    expect(recogniseContent(windowOf(gpt(), { guestSize: SIZE - 512 }))).toMatchObject({ safety: ['TRUNCATED'] });
  });
  it('without protective MBR is weak, and nothing where its entries are damaged too', () => {
    const bare = patched(gpt(), [[446, new Uint8Array(16)]]);
    expect(verdictOf(windowOf(bare, known))).toBe('disk weak GPT');
    expect(verdictOf(windowOf(patched(bare, [[1100, [1]]]), known))).toBe('unknown');
  });
});

describe('a boot sector that the inspector of Nova and Glance refuses', () => {
  const refused = (...patches: readonly Patch[]): boolean => isRefusedBootSector(fieldsOf(patched(gpt(), patches)));
  it('is none with a protective entry as it should be', () => {
    expect(refused()).toBe(false);
    expect(refused([446, [0x80]])).toBe(false);
    expect(refused([510, [0, 0]])).toBe(false);
  });
  it('is one with an odd mark, place or second entry', () => {
    expect(refused([446, [0x01]])).toBe(true);
    expect(refused([454, le(2, 4)])).toBe(true);
    expect(refused([447, [1]])).toBe(true);
    expect(refused([466, [0x83]])).toBe(true);
    expect(refused([450, [0]])).toBe(true);
  });
  it('is none where the sector is that of a FAT with two tables', () => {
    expect(refused([446, [0x01]], [16, [2]], [21, [0xf8]])).toBe(false);
    expect(refused([446, [0x01]], [16, [1]], [21, [0xf8]])).toBe(true);
  });
});
