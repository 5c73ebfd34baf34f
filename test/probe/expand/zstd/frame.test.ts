import { describe, expect, it } from 'vitest';
import { expandZstdFrame } from '../../../../src/probe/expand/zstd/frame.ts';
import { PLAIN, ZSTD, ZSTD_UNCHECKED } from '../support/packed.ts';

const RAW = 0;
const RUN = 1;

/** The header of a block, in three bytes. */
const block = (kind: number, size: number, place: 'last' | 'more'): readonly number[] => {
  const header = (size << 3) | (kind << 1) | (place === 'last' ? 1 : 0);
  return [header & 255, (header >> 8) & 255, header >> 16];
};

/** A frame with a window descriptor, by its descriptor and the bytes behind the header. */
const frame = (descriptor: number, ...rest: readonly number[]): Uint8Array =>
  Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, descriptor, 0x58, ...rest);

function expanded(input: Uint8Array, room = 100): readonly [plain: string, end: number | null] {
  const output = new Uint8Array(room);
  const { filled, end } = expandZstdFrame(input, 0, output, 0);
  return [Buffer.from(output.subarray(0, filled)).toString('latin1'), end];
}

describe('a frame', () => {
  it('expands what zstd wrote, with and without a checksum', () => {
    for (const packed of [ZSTD, ZSTD_UNCHECKED]) {
      expect(expanded(packed, 1000)).toEqual([PLAIN.toString('latin1'), packed.length]);
    }
    expect(expanded(ZSTD.subarray(0, -1), 1000)).toEqual([PLAIN.toString('latin1'), null]);
  });
  it('has blocks that are stored and blocks of one byte', () => {
    const bytes = frame(0, ...block(RAW, 2, 'more'), 0x61, 0x62, ...block(RUN, 3, 'last'), 0x63);
    expect(expanded(bytes)).toEqual(['abccc', 15]);
    expect(expanded(bytes, 4)[0]).toBe('abcc');
  });
  it('gives what is there of a stored block that is cut', () => {
    expect(expanded(frame(0, ...block(RAW, 4, 'last'), 0x61, 0x62))).toEqual(['ab', null]);
    expect(expanded(frame(0, ...block(RUN, 4, 'last')))).toEqual(['', null]);
  });
  it('has a header as long as its descriptor says', () => {
    const one = [...block(RUN, 1, 'last'), 0x61];
    // A single segment has no window; the size of the content takes 1, 2, 4 or 8 bytes.
    expect(expanded(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 1, ...one))).toEqual(['a', 10]);
    expect(expanded(frame(0x40, 0, 0, ...one))).toEqual(['a', 12]);
    expect(expanded(frame(0x80, 0, 0, 0, 0, ...one))).toEqual(['a', 14]);
    expect(expanded(frame(0xc0, 0, 0, 0, 0, 0, 0, 0, 0, ...one))).toEqual(['a', 18]);
  });
  it.each([
    ['a reserved bit', frame(8, ...block(RUN, 1, 'last'), 0x61)],
    ['a dictionary', frame(1, ...block(RUN, 1, 'last'), 0x61)],
    ['a block of the reserved kind', frame(0, ...block(3, 1, 'last'), 0x61)],
    ['a block longer than 128 KiB', frame(0, ...block(RUN, 131_073, 'last'), 0x61)],
    ['a header that is cut', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0)],
  ])('with %s gives nothing', (_, bytes) => expect(expanded(bytes)).toEqual(['', null]));
});
