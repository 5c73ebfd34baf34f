import { describe, expect, it } from 'vitest';
import { expandBlock, expandZstdFrame, startFrame } from '../../../../src/probe/expand/zstd/block.ts';
import { PLAIN, ZSTD, ZSTD_UNCHECKED } from '../support/packed.ts';

const A = 0x41;

/** Literals of `A`, one sequence with tables of one symbol each, and its bits with their mark. */
function block(literals: number, codes: { length: number; offset: number; match: number }, bits: number): Uint8Array {
  return Uint8Array.of(1 | (literals << 3), A, 1, 0b01_01_01_00, codes.length, codes.offset, codes.match, bits);
}

function expanded(bytes: Uint8Array, room = 100): readonly [outcome: string, plain: string] {
  const frame = startFrame(new Uint8Array(room), 0);
  const outcome = expandBlock(bytes, frame);
  return [outcome, Buffer.from(frame.output.subarray(0, frame.filled)).toString('latin1')];
}

describe('a compressed block', () => {
  it('without sequences is its literals', () => {
    expect(expanded(Uint8Array.of(1 | (3 << 3), A, 0))).toEqual(['sound', 'AAA']);
  });
  it('has a match behind its literals, and the rest of them behind it', () => {
    // One literal; offset code 0 stands for the last distance, which is 1; match code 0 for 3 bytes.
    expect(expanded(block(1, { length: 1, offset: 0, match: 0 }, 1))).toEqual(['sound', 'AAAA']);
    expect(expanded(block(3, { length: 1, offset: 0, match: 0 }, 1))).toEqual(['sound', 'AAAAAA']);
  });
  it('is broken by a match before the beginning', () => {
    // Offset code 2 with bits 00 is 4, which stands for a distance of 1; with 01 for 2.
    expect(expanded(block(1, { length: 1, offset: 2, match: 0 }, 0b100))).toEqual(['sound', 'AAAA']);
    expect(expanded(block(1, { length: 1, offset: 2, match: 0 }, 0b101))).toEqual(['broken', 'A']);
  });
  it('does not reach into the frame before', () => {
    const frame = startFrame(new Uint8Array(100), 10);
    expect(expandBlock(block(1, { length: 1, offset: 2, match: 0 }, 0b101), frame)).toBe('broken');
    expect(frame.filled).toBe(11);
  });
  it('stops at the end of the output', () => {
    expect(expanded(block(1, { length: 1, offset: 0, match: 30 }, 1), 3)).toEqual(['sound', 'AAA']);
  });
  it.each([
    ['more literals than there are', block(1, { length: 2, offset: 0, match: 0 }, 1)],
    ['a code of a length that does not exist', block(1, { length: 36, offset: 0, match: 0 }, 1)],
    ['a code of an offset that does not exist', block(1, { length: 1, offset: 32, match: 0 }, 1)],
    ['a code of a match that does not exist', block(1, { length: 1, offset: 0, match: 53 }, 1)],
    ['fewer bits than its codes need', block(1, { length: 1, offset: 9, match: 0 }, 1)],
    ['the tables of a block before that there is not', Uint8Array.of(1 | (1 << 3), A, 1, 0b11_11_11_00, 1)],
    ['nothing behind its tables', block(1, { length: 1, offset: 0, match: 0 }, 1).slice(0, 7)],
  ])('with %s is broken', (_, bytes) => expect(expanded(bytes)[0]).toBe('broken'));
});

const RAW = 0;
const RUN = 1;

/** The header of a block, in three bytes. */
const frameBlock = (kind: number, size: number, place: 'last' | 'more'): readonly number[] => {
  const header = (size << 3) | (kind << 1) | (place === 'last' ? 1 : 0);
  return [header & 255, (header >> 8) & 255, header >> 16];
};

/** A frame with a window descriptor, by its descriptor and the bytes behind the header. */
const frame = (descriptor: number, ...rest: readonly number[]): Uint8Array =>
  Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, descriptor, 0x58, ...rest);

function expandedFrame(input: Uint8Array, room = 100): readonly [plain: string, end: number | null] {
  const output = new Uint8Array(room);
  const { filled, end } = expandZstdFrame(input, 0, output, 0);
  return [Buffer.from(output.subarray(0, filled)).toString('latin1'), end];
}

describe('a frame', () => {
  it('expands what zstd wrote, with and without a checksum', () => {
    for (const packed of [ZSTD, ZSTD_UNCHECKED]) {
      expect(expandedFrame(packed, 1000)).toEqual([PLAIN.toString('latin1'), packed.length]);
    }
    expect(expandedFrame(ZSTD.subarray(0, -1), 1000)).toEqual([PLAIN.toString('latin1'), null]);
  });
  it('has blocks that are stored and blocks of one byte', () => {
    const bytes = frame(0, ...frameBlock(RAW, 2, 'more'), 0x61, 0x62, ...frameBlock(RUN, 3, 'last'), 0x63);
    expect(expandedFrame(bytes)).toEqual(['abccc', 15]);
    expect(expandedFrame(bytes, 4)[0]).toBe('abcc');
  });
  it('gives what is there of a stored block that is cut', () => {
    expect(expandedFrame(frame(0, ...frameBlock(RAW, 4, 'last'), 0x61, 0x62))).toEqual(['ab', null]);
    expect(expandedFrame(frame(0, ...frameBlock(RUN, 4, 'last')))).toEqual(['', null]);
  });
  it('has a header as long as its descriptor says', () => {
    const one = [...frameBlock(RUN, 1, 'last'), 0x61];
    // A single segment has no window; the size of the content takes 1, 2, 4 or 8 bytes.
    expect(expandedFrame(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 1, ...one))).toEqual(['a', 10]);
    expect(expandedFrame(frame(0x40, 0, 0, ...one))).toEqual(['a', 12]);
    expect(expandedFrame(frame(0x80, 0, 0, 0, 0, ...one))).toEqual(['a', 14]);
    expect(expandedFrame(frame(0xc0, 0, 0, 0, 0, 0, 0, 0, 0, ...one))).toEqual(['a', 18]);
  });
  it.each([
    ['a reserved bit', frame(8, ...frameBlock(RUN, 1, 'last'), 0x61)],
    ['a dictionary', frame(1, ...frameBlock(RUN, 1, 'last'), 0x61)],
    ['a block of the reserved kind', frame(0, ...frameBlock(3, 1, 'last'), 0x61)],
    ['a block longer than 128 KiB', frame(0, ...frameBlock(RUN, 131_073, 'last'), 0x61)],
    ['a header that is cut', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0)],
  ])('with %s gives nothing', (_, bytes) => expect(expandedFrame(bytes)).toEqual(['', null]));
});
