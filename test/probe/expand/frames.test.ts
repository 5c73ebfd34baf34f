import { describe, expect, it } from 'vitest';
import { expandFrames } from '../../../src/probe/expand/frames.ts';
import { expandedBy, expectPlain } from './support/expect-plain.ts';
import { LZ4, LZ4_LEGACY, PLAIN, ZSTD, ZSTD_UNCHECKED } from './support/packed.ts';

const text = PLAIN.toString('latin1');
const skippable = (magic: number, length: number, there = length): Uint8Array =>
  Uint8Array.of(magic, 0x2a, 0x4d, 0x18, length, 0, 0, 0, ...new Uint8Array(there));

describe('frames of Zstandard and LZ4', () => {
  it('of Zstandard, with and without a checksum', () => {
    expectPlain(expandFrames, ZSTD, 'concatenates');
    expectPlain(expandFrames, ZSTD_UNCHECKED, 'concatenates');
  });
  it('of LZ4', () => {
    expectPlain(expandFrames, LZ4, 'concatenates');
    // A legacy frame ends where its input does.
    expectPlain(expandFrames, LZ4_LEGACY, 'single');
  });
  it('follow each other in any order', () => {
    expect(expandedBy(expandFrames, Buffer.concat([LZ4, ZSTD, LZ4_LEGACY]))).toEqual({
      plain: text.repeat(3),
      ended: true,
    });
    expect(expandedBy(expandFrames, Buffer.concat([LZ4_LEGACY, ZSTD])).plain).toBe(text.repeat(2));
  });
  it('may have skippable ones between them', () => {
    for (const magic of [0x50, 0x5f]) {
      const input = Buffer.concat([skippable(magic, 5), ZSTD, skippable(magic, 0), LZ4]);
      expect(expandedBy(expandFrames, input)).toEqual({ plain: text.repeat(2), ended: true });
    }
    expect(expandedBy(expandFrames, Buffer.concat([skippable(0x60, 5), ZSTD])).plain).toBe('');
  });
  it('end within a skippable one that is cut', () => {
    expect(expandedBy(expandFrames, Buffer.concat([ZSTD, skippable(0x50, 5, 4)]))).toEqual({
      plain: text,
      ended: false,
    });
    expect(expandedBy(expandFrames, Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 0xff, 0xff, 0xff, 0xff))).toEqual({
      plain: '',
      ended: false,
    });
  });
});
