import { describe, expect, it } from 'vitest';
import { expandBlock, startFrame } from '../../../../src/probe/expand/zstd/block.ts';

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
