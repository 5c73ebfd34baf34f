import { expect } from 'vitest';
import type { Expanded } from '../../../../src/probe/expand/streams/read-on.ts';
import { PLAIN } from './packed.ts';

type HeadDecoder = (input: Uint8Array, output: Uint8Array) => Expanded;

/** What a decoder makes of an input, with room for `room` bytes. */
export function expandedBy(decode: HeadDecoder, input: Uint8Array, room = 1000): { plain: string; ended: boolean } {
  const output = new Uint8Array(room);
  const { filled, ended } = decode(input, output);
  return { plain: Buffer.from(output.subarray(0, filled)).toString('latin1'), ended };
}

/**
 * Expects that a decoder expands a packed `PLAIN`: whole, twice in a row, up to a limit, and to a prefix of it wherever
 * the input is cut.
 */
export function expectPlain(decode: HeadDecoder, packed: Uint8Array, many: 'concatenates' | 'single'): void {
  const text = PLAIN.toString('latin1');
  expect(expandedBy(decode, packed)).toEqual({ plain: text, ended: true });
  if (many === 'concatenates') {
    expect(expandedBy(decode, Buffer.concat([packed, packed]))).toEqual({ plain: text + text, ended: true });
  }
  expect(expandedBy(decode, packed, 100)).toEqual({ plain: text.slice(0, 100), ended: false });
  for (let length = 0; length < packed.length; length += 1) {
    const cut = expandedBy(decode, packed.subarray(0, length));
    expect(text.startsWith(cut.plain), `cut to ${length} bytes`).toBe(true);
    if (many === 'concatenates') expect(cut.ended, `cut to ${length} bytes`).toBe(false);
  }
}
