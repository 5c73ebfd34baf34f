import { expect, it } from 'vitest';
import { attempted, readExactly, readUpTo, Unreadable, type Reading } from '../../../src/probe/reading/reading.ts';
import { readOver } from '../reading-over.ts';

const BYTES = Uint8Array.of(10, 11, 12, 13);

it('reads as much as there is', () => {
  expect(readOver(BYTES, readUpTo(2, 10))).toEqual({ value: Uint8Array.of(12, 13), asked: [[2, 10]] });
  expect(readOver(BYTES, readUpTo(9, 10)).value).toEqual(new Uint8Array(0));
});

it.each([
  [-1, 1],
  [0, -1],
  [2 ** 53, 1],
  [0, Number.NaN],
  [0.5, 1],
])('asks for nothing at %d with length %d, which no file has', (offset, length) => {
  expect(() => readUpTo(offset, length).next()).toThrow(Unreadable);
});

it('reads exactly, or not at all', () => {
  expect(readOver(BYTES, readExactly(1, 3)).value).toEqual(Uint8Array.of(11, 12, 13));
  expect(() => readOver(BYTES, readExactly(1, 4))).toThrow('4 bytes wanted at 1, 3 there');
});

it('turns bytes that cannot be read into null, and other errors into nothing else', () => {
  expect(readOver(BYTES, attempted(readExactly(0, 4))).value).toEqual(BYTES);
  expect(readOver(BYTES, attempted(readExactly(0, 5))).value).toBeNull();
  function* broken(): Reading<never> {
    yield* readUpTo(0, 1);
    throw new RangeError('our own fault');
  }
  expect(() => readOver(BYTES, attempted(broken()))).toThrow(RangeError);
});
