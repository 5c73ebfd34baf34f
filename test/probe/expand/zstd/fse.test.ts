import { expect, it, describe } from 'vitest';
import {
  BackwardBits,
  buildFseTable,
  constantTable,
  nextState,
  readFseTable,
  type FseTable,
} from '../../../../src/probe/expand/zstd/fse.ts';
import { backwards } from '../support/bits.ts';

it('reads numbers from the end of the bytes, the last bit first behind the mark', () => {
  const bits = new BackwardBits(backwards('101001110001'));
  expect(bits.left).toBe(12);
  expect([bits.read(3), bits.read(1), bits.read(0), bits.read(8)]).toEqual([0b101, 0, 0, 0b01110001]);
  expect(bits.left).toBe(0);
});

it('reads up to 31 bits across bytes', () => {
  const text = '1111000011110000111100001111000';
  for (const before of ['', '0', '1010101']) {
    const bits = new BackwardBits(backwards(before + text));
    bits.read(before.length);
    expect(bits.read(31)).toBe(Number.parseInt(text, 2));
  }
});

it('reads zeros before the beginning, and counts them', () => {
  const bits = new BackwardBits(backwards('11'));
  expect(bits.read(4)).toBe(0b1100);
  expect(bits.left).toBe(-2);
  expect(bits.read(8)).toBe(0);
});

it.each([[[]], [[0]], [[255, 0]]])('%j, without a mark, is empty', (bytes) => {
  const bits = new BackwardBits(Uint8Array.from(bytes));
  expect(bits.left).toBe(Number.NEGATIVE_INFINITY);
  expect(bits.read(8)).toBe(0);
});

/** Symbol, bits and base of a state. */
const row = (table: FseTable | null, state: number): readonly (number | undefined)[] => [
  table?.symbols[state],
  table?.bits[state],
  table?.bases[state],
];

/** Numbers of so many bits each, the least significant bit first, as a description has them. */
function described(...fields: readonly (readonly [value: number, width: number])[]): Uint8Array {
  const bits = fields.flatMap(([value, width]) => Array.from({ length: width }, (_, index) => (value >> index) & 1));
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  for (const [index, bit] of bits.entries()) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (bit << (index & 7));
  return bytes;
}

describe('the table of a distribution', () => {
  // RFC 8878, appendix A.1: the table of literal lengths that every decoder knows.
  const table = buildFseTable(
    [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1],
    6,
  );
  it('is that of RFC 8878 for literal lengths', () => {
    expect([0, 1, 2, 3, 20, 21, 22, 23, 41, 42, 43, 60, 63].map((state) => row(table, state))).toEqual([
      [0, 4, 0],
      [0, 4, 16],
      [1, 5, 32],
      [3, 5, 0],
      [29, 6, 0],
      [31, 6, 0],
      [0, 4, 32],
      [1, 4, 0],
      [28, 6, 0],
      [30, 6, 0],
      [0, 4, 48],
      [35, 6, 0],
      [32, 6, 0],
    ]);
  });
  it('leads from state to state by bits of the stream', () => {
    if (table === null) throw new Error('no table');
    expect(nextState(table, 1, new BackwardBits(backwards('0101')))).toBe(16 + 5);
  });
  it('needs symbols that fill it', () => {
    expect(buildFseTable([16, 15], 5)).toBeNull();
    expect(
      buildFseTable(
        Array.from({ length: 32 }, () => -1),
        5,
      ),
    ).toBeNull();
  });
});

it('the table of one symbol takes no bits', () => expect(row(constantTable(7), 0)).toEqual([7, 0, 0]));

describe('a description', () => {
  it('holds the accuracy, then a number for each symbol', () => {
    // Accuracy 5. 17 of 32 stand as 18 in 5 bits; 15 of the other 15 as 16, the largest number, in 5 bits.
    const read = readFseTable(described([0, 4], [18, 5], [31, 5]), 0, 9, 10);
    expect(read?.end).toBe(2);
    expect(Array.from(read?.table.symbols ?? []).filter((symbol) => symbol === 0)).toHaveLength(17);
    expect(Array.from(read?.table.symbols ?? []).filter((symbol) => symbol === 1)).toHaveLength(15);
  });
  it('counts symbols that do not occur, three at a time', () => {
    // None of symbol 0 and of the four behind it; then all 32 for symbol 5.
    const read = readFseTable(described([0, 4], [1, 5], [3, 2], [1, 2], [63, 6]), 0, 9, 10);
    expect(new Set(read?.table.symbols)).toEqual(new Set([5]));
    expect(readFseTable(described([0, 4], [1, 5], [3, 2], [1, 2], [63, 6]), 0, 9, 4)).toBeNull();
  });
  it.each([
    ['an accuracy above the bound', described([5, 4], [18, 5], [31, 5])],
    ['an end behind the bytes', described([0, 4], [18, 5], [31, 5]).slice(0, 1)],
    ['no bytes', new Uint8Array(0)],
  ])('with %s is none', (_, bytes) => expect(readFseTable(bytes, 0, 9, 10)).toBeNull());
});
