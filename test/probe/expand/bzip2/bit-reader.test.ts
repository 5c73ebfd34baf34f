import { expect, it } from 'vitest';
import { BitReader } from '../../../../src/probe/expand/bzip2/bit-reader.ts';

it('reads bits from the most significant on, across bytes', () => {
  const reader = new BitReader(Uint8Array.of(0xff, 0b1010_0101, 0x12, 0x34, 0x56, 0x78), 1);
  expect([reader.bit(), reader.bits(3), reader.bits(0), reader.bits(4)]).toEqual([1, 0b010, 0, 0b0101]);
  expect(reader.bits(32)).toBe(0x12345678);
  expect(reader.isPast).toBe(false);
});

it('reads zeros past the end, and says so', () => {
  const reader = new BitReader(Uint8Array.of(0xff), 0);
  expect(reader.bits(8)).toBe(0xff);
  expect(reader.isPast).toBe(false);
  expect(reader.bits(4)).toBe(0);
  expect(reader.isPast).toBe(true);
});

it('goes to the next byte', () => {
  const reader = new BitReader(Uint8Array.of(0xff, 0x00, 0xff), 0);
  expect(reader.nextByte()).toBe(0);
  reader.bits(3);
  expect(reader.nextByte()).toBe(1);
  expect(reader.bits(8)).toBe(0);
});
