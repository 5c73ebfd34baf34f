import { describe, expect, it } from 'vitest';
import { readLiterals } from '../../../../src/probe/expand/zstd/literals.ts';
import { backwards } from '../support/bits.ts';

const bytesOf = (...bytes: readonly number[]): Uint8Array => Uint8Array.from(bytes);

/** Literals in one stream: the header of three bytes, a description of the code, the words. */
function coded(kind: 2 | 3, size: number, description: readonly number[], bits: string): Uint8Array {
  const stream = backwards(bits);
  const header = kind | (size << 4) | ((description.length + stream.length) << 14);
  return bytesOf(header & 255, (header >> 8) & 255, header >> 16, ...description, ...stream);
}

/** The example of RFC 8878 4.2.1: weights 4, 3, 2, 0, 1 and, not written, 1. */
const WEIGHTS = [127 + 5, 0x43, 0x20, 0x10] as const;
const WORDS = ['1', '01', '001', '', '0000', '0001'] as const;
const wordsOf = (...symbols: readonly number[]): string => symbols.map((symbol) => WORDS[symbol] ?? '').join('');

describe('literals as they are', () => {
  it('have a size of 5, 12 or 20 bits', () => {
    expect(readLiterals(bytesOf(2 << 3, 7, 8, 9), null)).toMatchObject({ bytes: bytesOf(7, 8), end: 3 });
    const long = new Uint8Array(2 + 300).fill(5);
    long.set([(1 << 2) | ((300 & 15) << 4), 300 >> 4]);
    expect(readLiterals(long, null)).toMatchObject({ bytes: new Uint8Array(300).fill(5), end: 302 });
  });
  it('that end behind the block are broken', () => expect(readLiterals(bytesOf(2 << 3, 7), null)).toBeNull());
});

describe('one byte over and over', () => {
  it('is filled up to its size', () => {
    expect(readLiterals(bytesOf(1 | (3 << 3), 9), null)).toMatchObject({ bytes: bytesOf(9, 9, 9), end: 2 });
  });
  it('is bounded by the size of a block', () => {
    const header = (size: number): Uint8Array =>
      bytesOf(1 | (3 << 2) | ((size & 15) << 4), (size >> 4) & 255, size >> 12, 9);
    expect(readLiterals(header(128 * 1024), null)?.bytes).toHaveLength(128 * 1024);
    expect(readLiterals(header(128 * 1024 + 1), null)).toBeNull();
  });
});

describe('literals by a Huffman code', () => {
  const block = coded(2, 6, WEIGHTS, wordsOf(0, 1, 2, 4, 5, 0));
  it('are those of the example in RFC 8878', () => {
    const literals = readLiterals(block, null);
    expect(literals).toMatchObject({ bytes: bytesOf(0, 1, 2, 4, 5, 0), end: block.length });
    expect(literals?.code?.longest).toBe(4);
  });
  it('may use the code of the block before', () => {
    const before = readLiterals(block, null)?.code ?? null;
    const again = coded(3, 3, [], wordsOf(5, 4, 0));
    expect(readLiterals(again, before)?.bytes).toEqual(bytesOf(5, 4, 0));
    expect(readLiterals(again, null)).toBeNull();
  });
  it('in four streams have three sizes before them', () => {
    const streams = [wordsOf(0, 1), wordsOf(2, 4), wordsOf(5, 0), wordsOf(1)].map((bits) => backwards(bits));
    const sizes = streams.slice(0, 3).flatMap(({ length }) => [length, 0]);
    const body = [...WEIGHTS, ...sizes, ...streams.flatMap((stream) => [...stream])];
    const header = 2 | (1 << 2) | (7 << 4) | (body.length << 14);
    const four = bytesOf(header & 255, (header >> 8) & 255, header >> 16, ...body);
    expect(readLiterals(four, null)?.bytes).toEqual(bytesOf(0, 1, 2, 4, 5, 0, 1));
    const beyond = four.slice();
    beyond[7] = 200;
    expect(readLiterals(beyond, null)).toBeNull();
  });
  it.each([
    ['weights that leave no power of two', coded(2, 1, [127 + 2, 0x41], '1')],
    ['no weights', coded(2, 1, [127 + 1, 0x00], '1')],
    ['weights above 11', coded(2, 1, [127 + 1, 0xc0], '1')],
    ['a description that ends behind the block', bytesOf(2 | (1 << 4), 1 << 6, 0, 100)],
  ])('with %s are broken', (_, bytes) => expect(readLiterals(bytes, null)).toBeNull());
});

it('coded weights that take no bits come to an end: one symbol has the whole distribution', () => {
  // Accuracy 5; symbol 0 has 32 of 32. Each step of such a state takes no bit, so only the number of weights ends it.
  const description = [0xf0, 0x03, 0xff, 0xff, 0xff, 0x01];
  expect(readLiterals(coded(2, 8, [description.length, ...description], '1111'), null)).toBeNull();
});
