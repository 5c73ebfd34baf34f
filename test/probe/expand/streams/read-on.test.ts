import { describe, expect, it } from 'vitest';
import { readOn, u32le, type StreamDecoder } from '../../../../src/probe/expand/streams/read-on.ts';

/** A made-up format: a stream is a letter and a digit, and expands to so many of the letter. A `!` breaks it. */
const expandPair: StreamDecoder = (input, at, output, filled) => {
  const count = (input[at + 1] ?? 0x30) - 0x30;
  const stop = Math.min(output.length, filled + count);
  output.fill(input[at] ?? 0, filled, stop);
  return { filled: stop, end: input[at + 2] === 0x21 || at + 2 > input.length ? null : at + 2 };
};

function expanded(text: string, room: number): readonly [plain: string, ended: boolean] {
  const output = new Uint8Array(room);
  const isLetter = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x61;
  const { filled, ended } = readOn((input, at) => (isLetter(input[at]) ? expandPair : null), Buffer.from(text), output);
  return [Buffer.from(output.subarray(0, filled)).toString(), ended];
}

describe('streams one after another', () => {
  it('are one plaintext, and bytes behind them are ignored', () => {
    expect(expanded('a2b3', 100)).toEqual(['aabbb', true]);
    expect(expanded('a2b3...', 100)).toEqual(['aabbb', true]);
    expect(expanded('a0b3', 100)).toEqual(['bbb', true]);
  });
  it('end with the output: whether they end there is not known', () => {
    expect(expanded('a2b3', 5)).toEqual(['aabbb', false]);
    expect(expanded('a2b3', 4)).toEqual(['aabb', false]);
    expect(expanded('a2b3', 6)).toEqual(['aabbb', true]);
  });
  it('end at a broken one, with what came before', () => {
    expect(expanded('a2b3!c4', 100)).toEqual(['aabbb', false]);
  });
  it('of which there is none are no end', () => {
    expect(expanded('...', 100)).toEqual(['', false]);
    expect(expanded('', 100)).toEqual(['', false]);
  });
});

it('a word behind the end of the bytes is filled up with zeros', () => {
  expect(u32le(Uint8Array.of(0x78, 0x56, 0x34, 0xf2), 0)).toBe(0xf2345678);
  expect(u32le(Uint8Array.of(1, 2, 3), 1)).toBe(0x0302);
  expect(u32le(Uint8Array.of(1), 5)).toBe(0);
});
