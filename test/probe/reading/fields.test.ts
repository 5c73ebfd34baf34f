import { describe, expect, it } from 'vitest';
import { fieldsOf, isPowerOfTwo, latin1, toOffset } from '../../../src/probe/reading/fields.ts';
import { Unreadable } from '../../../src/probe/reading/reading.ts';

const BYTES = Uint8Array.of(0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0xe9);

describe('numbers', () => {
  const fields = fieldsOf(BYTES);

  it('are read in both byte orders', () => {
    expect([fields.u8(7), fields.u16le(0), fields.u16be(0)]).toEqual([0xe9, 0x0201, 0x0102]);
    expect([fields.u32le(4), fields.u32be(4)]).toEqual([0xe907_0605, 0x0506_07e9]);
    expect([fields.u64le(0), fields.u64be(0)]).toEqual([0xe907_0605_0403_0201n, 0x0102_0304_0506_07e9n]);
  });

  it.each([
    ['one byte past the end', () => fields.u16be(7)],
    ['before the beginning', () => fields.u8(-1)],
    ['between two bytes', () => fields.u8(0.5)],
    ['at an offset that is no number', () => fields.u32le(Number.NaN)],
    ['a slice that ends past the end', () => fields.slice(4, 9)],
    ['a text that ends past the end', () => fields.text(4, 9)],
  ])('are not read %s', (_, read) => {
    expect(read).toThrow(Unreadable);
  });
});

it('reads bytes of a view, not of the buffer behind it', () => {
  const fields = fieldsOf(BYTES.subarray(2, 6));

  expect(fields.length).toBe(4);
  expect(fields.u16be(0)).toBe(0x0304);
  expect(fields.text(0, 4)).toBe('\x03\x04\x05\x06');
});

it('compares bytes with Latin-1 text and with numbers; past the end nothing is equal', () => {
  const fields = fieldsOf(BYTES);

  expect(fields.is(6, '\x07\u00e9')).toBe(true);
  expect(fields.is(6, [0x07, 0xe9])).toBe(true);
  expect(fields.is(6, [0x07, 0xe8])).toBe(false);
  expect(fields.is(7, '\u00e9\0')).toBe(false);
  expect(fields.has(8, 0)).toBe(true);
  expect(fields.has(8, 1)).toBe(false);
});

it('gives as many bytes as there are', () => {
  expect(fieldsOf(BYTES).upTo(6, 100)).toEqual(Uint8Array.of(0x07, 0xe9));
  expect(fieldsOf(BYTES).upTo(50, 100)).toEqual(new Uint8Array(0));
  expect(latin1(BYTES, 7, 100)).toBe('\u00e9');
});

describe('what a longer beginning might change', () => {
  function misses(use: (fields: ReturnType<typeof fieldsOf>) => unknown): number {
    let count = 0;
    const fields = fieldsOf(BYTES, () => (count += 1));
    try {
      use(fields);
    } catch {
      // The miss is counted before it is thrown.
    }
    return count;
  }

  it.each([
    ['a field past the end', (fields: ReturnType<typeof fieldsOf>) => fields.u32le(6)],
    ['a comparison past the end', (fields: ReturnType<typeof fieldsOf>) => fields.is(7, 'xy')],
    ['fewer bytes than wanted', (fields: ReturnType<typeof fieldsOf>) => fields.upTo(0, 9)],
    ['all bytes', (fields: ReturnType<typeof fieldsOf>) => fields.bytes],
    ['their number', (fields: ReturnType<typeof fieldsOf>) => fields.length],
  ])('is noticed: %s', (_, use) => {
    expect(misses(use)).toBe(1);
  });

  it('is not noticed where all bytes are there', () => {
    expect(misses((fields) => [fields.u64be(0), fields.is(0, '\x01'), fields.upTo(0, 8), fields.has(0, 8)])).toBe(0);
  });
});

it('knows powers of two between bounds', () => {
  expect([1, 2, 512, 2 ** 40].every((value) => isPowerOfTwo(value))).toBe(true);
  expect([0, -2, 3, 513, 2.5].some((value) => isPowerOfTwo(value))).toBe(false);
  expect([256, 512, 4096, 8192].map((value) => isPowerOfTwo(value, 512, 4096))).toEqual([false, true, true, false]);
});

it('takes no offset beyond 2^53 - 1', () => {
  expect(toOffset(2n ** 53n - 1n, 'a size')).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => toOffset(2n ** 53n, 'a size')).toThrow('a size is 9007199254740992, beyond any file');
});
