import { describe, expect, it } from 'vitest';
import { LzmaDecoder, lzmaProperties } from '../../../../src/probe/expand/lzma/decoder.ts';
import { LZMA, PLAIN } from '../support/packed.ts';

/** Range-coded data behind the thirteen bytes of a .lzma header. */
const DATA = LZMA.subarray(13);
const USUAL = { literalContextBits: 3, literalPositionBits: 0, positionBits: 2 } as const;

describe('a properties byte', () => {
  it('is literal context bits, nine times literal position bits, forty-five times position bits', () => {
    expect(lzmaProperties(0x5d)).toEqual(USUAL);
    expect(lzmaProperties(4 * 45 + 4 * 9)).toEqual({ literalContextBits: 0, literalPositionBits: 4, positionBits: 4 });
  });
  it('is none from 225 on, and with more than four bits for literals', () => {
    expect(lzmaProperties(224)).toBeNull();
    expect(lzmaProperties(225)).toBeNull();
    expect(lzmaProperties(5)).toBeNull();
    expect(lzmaProperties(9 + 4)).toBeNull();
    expect(lzmaProperties(9 + 3)).not.toBeNull();
  });
});

describe('a run', () => {
  it('goes on to its end or to the end mark', () => {
    const decoder = new LzmaDecoder(new Uint8Array(1000));
    expect(decoder.run(DATA, 100)).toBe('done');
    expect(decoder.filled).toBe(100);
    decoder.filled = 0;
    decoder.reset(USUAL);
    expect(decoder.run(DATA, 1000)).toBe('end-mark');
    expect([decoder.filled, decoder.consumed]).toEqual([PLAIN.length, DATA.length]);
  });
  it('that is cut gives only what its bytes say', () => {
    for (let length = 0; length < DATA.length; length += 1) {
      const output = new Uint8Array(1000);
      const decoder = new LzmaDecoder(output);
      expect(decoder.run(DATA.subarray(0, length), 1000)).toBe('cut');
      expect(PLAIN.subarray(0, decoder.filled).equals(output.subarray(0, decoder.filled))).toBe(true);
    }
  });
  it('begins with a zero', () => {
    expect(new LzmaDecoder(new Uint8Array(10)).run(Uint8Array.of(1, 0, 0, 0, 0, 0), 10)).toBe('broken');
  });
  it('is broken by a match before the beginning', () => {
    // All ones take the path of a repeated match as the first symbol.
    expect(new LzmaDecoder(new Uint8Array(10)).run(Uint8Array.of(0, ...new Uint8Array(40).fill(255)), 10)).toBe(
      'broken',
    );
  });
  it('of other properties is something else', () => {
    const decoder = new LzmaDecoder(new Uint8Array(1000));
    decoder.reset({ ...USUAL, positionBits: 0 });
    decoder.run(DATA, 300);
    expect(decoder.filled === PLAIN.length).toBe(false);
  });
});

it('bytes that are stored are taken over as far as there is room', () => {
  const output = new Uint8Array(3);
  const decoder = new LzmaDecoder(output);
  decoder.store(Uint8Array.of(1, 2));
  decoder.store(Uint8Array.of(3, 4));
  expect([decoder.filled, ...output]).toEqual([3, 1, 2, 3]);
});
