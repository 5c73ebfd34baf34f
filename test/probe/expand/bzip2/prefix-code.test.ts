import { describe, expect, it } from 'vitest';
import { BitReader } from '../../../../src/probe/expand/bzip2/bit-reader.ts';
import { readPrefixCode } from '../../../../src/probe/expand/bzip2/prefix-code.ts';
import { bitsOf } from '../support/bits.ts';

/** A code of three symbols with words of 1, 2 and 2 bits, and words behind it. */
const CODE = [
  [1, 5],
  [0b0, 1],
  [0b10_0, 3],
  [0b0, 1],
] as const;

describe('a prefix code', () => {
  it('has words by length, and by symbol among those of one length', () => {
    const reader = new BitReader(bitsOf([...CODE, [0b0, 1], [0b10, 2], [0b11, 2], [0b0, 1]]), 0);
    const code = readPrefixCode(reader, 3);
    expect([1, 2, 3, 4].map(() => code?.read(reader))).toEqual([0, 1, 2, 0]);
  });
  it('has lengths that go down as well', () => {
    // 2, then 2 - 1.
    const reader = new BitReader(
      bitsOf([
        [2, 5],
        [0, 1],
        [0b11_0, 3],
        [0b0, 1],
        [0b10, 2],
      ]),
      0,
    );
    const code = readPrefixCode(reader, 2);
    expect([code?.read(reader), code?.read(reader)]).toEqual([1, 0]);
  });
  it('gives -1 for a word that it does not have', () => {
    const reader = new BitReader(
      bitsOf([
        [2, 5],
        [0, 1],
        [0xff_ffff, 24],
      ]),
      0,
    );
    expect(readPrefixCode(reader, 1)?.read(reader)).toBe(-1);
  });
  it.each([
    [
      'a length of 0',
      bitsOf([
        [0, 5],
        [0, 3],
      ]),
    ],
    [
      'a length of 21',
      bitsOf([
        [20, 5],
        [0b10_0, 3],
      ]),
    ],
    ['lengths without end', bitsOf([[19, 5], ...Array.from({ length: 9 }, () => [0b10, 2] as const)])],
    ['no bytes', new Uint8Array(0)],
  ])('with %s is none', (_, bytes) => expect(readPrefixCode(new BitReader(bytes, 0), 2)).toBeNull());
});
