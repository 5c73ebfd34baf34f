import { expect, it } from 'vitest';
import { BackwardBits } from '../../../../src/probe/expand/zstd/backward-bits.ts';
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
