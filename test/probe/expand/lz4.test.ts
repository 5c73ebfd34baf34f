import { describe, expect, it } from 'vitest';
import { expandLz4Frame, expandLz4Legacy } from '../../../src/probe/expand/lz4.ts';
import { LZ4, LZ4_LEGACY, PLAIN } from './support/packed.ts';

type Decoder = typeof expandLz4Frame;

function expanded(decode: Decoder, input: Uint8Array, room = 1000): readonly [plain: string, end: number | null] {
  const output = new Uint8Array(room);
  const { filled, end } = decode(input, 0, output, 0);
  return [Buffer.from(output.subarray(0, filled)).toString('latin1'), end];
}

const word = (value: number): readonly number[] => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];
const block = (...bytes: readonly number[]): readonly number[] => [...word(bytes.length), ...bytes];
const legacy = (...blocks: readonly (readonly number[])[]): Uint8Array =>
  Uint8Array.of(2, 0x21, 0x4c, 0x18, ...blocks.flat());
/** A frame with the given flags and no further fields in its header. */
const frame = (flags: number, ...rest: readonly (readonly number[])[]): Uint8Array =>
  Uint8Array.of(4, 0x22, 0x4d, 0x18, flags, 0x40, 0, ...rest.flat());

const A = 0x41;

describe('a frame', () => {
  it('expands what lz4 wrote', () => {
    expect(expanded(expandLz4Frame, LZ4)).toEqual([PLAIN.toString('latin1'), LZ4.length]);
    expect(expanded(expandLz4Frame, LZ4.subarray(0, -1))).toEqual([PLAIN.toString('latin1'), null]);
  });
  it('has blocks that are stored, and an end mark', () => {
    const stored = [2, 0, 0, 0x80, A, A + 1];
    expect(expanded(expandLz4Frame, frame(0x60, stored, word(0)))).toEqual(['AB', 17]);
    expect(expanded(expandLz4Frame, frame(0x60, stored))).toEqual(['AB', null]);
    // With the checksum of the content, four more bytes.
    expect(expanded(expandLz4Frame, frame(0x64, stored, word(0)))).toEqual(['AB', null]);
    expect(expanded(expandLz4Frame, frame(0x64, stored, word(0), word(9)))).toEqual(['AB', 21]);
    // With a checksum behind each block.
    expect(expanded(expandLz4Frame, frame(0x70, stored, word(9), stored, word(9), word(0)))[0]).toBe('ABAB');
  });
  it('has matches that reach into the blocks before', () => {
    const literals = block(0x40, A, A + 1, A + 2, A + 3);
    expect(expanded(expandLz4Frame, frame(0x60, literals, block(0, 4, 0, 0), word(0)))[0]).toBe('ABCDABCD');
  });
});

describe('a legacy frame', () => {
  it('expands what lz4 -l wrote, and ends with the input', () => {
    expect(expanded(expandLz4Legacy, LZ4_LEGACY)).toEqual([PLAIN.toString('latin1'), LZ4_LEGACY.length]);
  });
  it('ends before what cannot be the size of a block', () => {
    expect(expanded(expandLz4Legacy, legacy(block(0x10, A), word(0x184d2204)))).toEqual(['A', 10]);
    expect(expanded(expandLz4Legacy, legacy(block(0x10, A), word(0)))).toEqual(['A', 10]);
  });
  it('has matches that do not reach into the block before', () => {
    expect(expanded(expandLz4Legacy, legacy(block(0x10, A), block(0x00, 1, 0)))).toEqual(['A', null]);
    expect(expanded(expandLz4Legacy, legacy(block(0x10, A, 1, 0)))).toEqual(['AAAAA', 12]);
  });
});

describe('a block', () => {
  const plainOf = (...bytes: readonly number[]): string => expanded(expandLz4Legacy, legacy(block(...bytes)))[0];
  it('has a length that goes on in further bytes', () => {
    // 15 + 255 + 2 literals, and a match of 15 + 3 + 4 bytes.
    const literals = new Uint8Array(272).fill(A);
    expect(plainOf(0xff, 255, 2, ...literals, 1, 0, 3)).toBe('A'.repeat(272 + 22));
  });
  it('is broken by a distance of 0 and one before the beginning', () => {
    expect(plainOf(0x10, A, 0, 0)).toBe('A');
    expect(plainOf(0x10, A, 2, 0)).toBe('A');
  });
  it('stops at the end of the output, and at the end of the input', () => {
    expect(expanded(expandLz4Legacy, legacy(block(0x1f, A, 1, 0, 255, 255)), 40)).toEqual(['A'.repeat(40), null]);
    expect(plainOf(0x50, A, A)).toBe('AA');
  });
});
