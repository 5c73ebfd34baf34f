import { describe, expect, it } from 'vitest';
import { expandLzw } from '../../../src/probe/expand/lzw.ts';
import { expandedBy, expectPlain } from './support/expect-plain.ts';
import { LZW } from './support/packed.ts';

/** Codes of nine bits, the least significant bit first, behind a header with the given flags. */
function codes(flags: number, ...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(3 + Math.ceil((values.length * 9) / 8));
  bytes.set([0x1f, 0x9d, flags]);
  for (const [index, value] of values.entries()) {
    for (let bit = 0; bit < 9; bit += 1) {
      const at = index * 9 + bit;
      bytes[3 + (at >> 3)] = (bytes[3 + (at >> 3)] ?? 0) | (((value >> bit) & 1) << (at & 7));
    }
  }
  return bytes;
}

const [A, B] = [0x61, 0x62];

describe('LZW of compress', () => {
  it('expands what compress wrote', () => expectPlain(expandLzw, LZW, 'single'));
  it('has the first free code behind the code that clears', () => {
    expect(expandedBy(expandLzw, codes(0x90, A, B, 257)).plain).toBe('abab');
    // Without that code, 256 is the first free one.
    expect(expandedBy(expandLzw, codes(0x10, A, B, 256)).plain).toBe('abab');
  });
  it('copies a text that ends with its own first byte', () => {
    expect(expandedBy(expandLzw, codes(0x90, A, 257)).plain).toBe('aaa');
  });
  it('breaks off at a code that is not there yet', () => {
    expect(expandedBy(expandLzw, codes(0x90, A, 258))).toEqual({ plain: 'a', ended: false });
    expect(expandedBy(expandLzw, codes(0x90, 257))).toEqual({ plain: '', ended: false });
  });
  it.each([
    ['reserved bits', 0xb0],
    ['codes of 8 bits', 0x88],
    ['codes of 17 bits', 0x91],
  ])('does not read a header with %s', (_, flags) => {
    expect(expandedBy(expandLzw, codes(flags, A))).toEqual({ plain: '', ended: false });
  });
});
