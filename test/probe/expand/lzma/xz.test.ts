import { describe, expect, it } from 'vitest';
import { expandXz } from '../../../../src/probe/expand/lzma/xz.ts';
import { expandedBy, expectPlain } from '../support/expect-plain.ts';
import { PLAIN, XZ, XZ_UNCHECKED } from '../support/packed.ts';

const text = PLAIN.toString('latin1');
const HEADER = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 0, 0, 0, 0, 0] as const;

/** A stream without check whose only block has the given chunks of LZMA2. */
const stream = (...chunks: readonly number[]): Uint8Array =>
  Uint8Array.of(...HEADER, 2, 0, 0x21, 1, 22, 0, 0, 0, 0, 0, 0, 0, ...chunks);

describe('streams of xz', () => {
  it('are expanded, with and without a check', () => {
    expectPlain(expandXz, XZ, 'concatenates');
    expectPlain(expandXz, XZ_UNCHECKED, 'concatenates');
  });
  it('may have zeros between them, four at a time', () => {
    expect(expandedBy(expandXz, Buffer.concat([XZ, Buffer.alloc(8), XZ])).plain).toBe(text + text);
    expect(expandedBy(expandXz, Buffer.concat([XZ, Buffer.alloc(6), XZ])).plain).toBe(text);
  });
});

describe('chunks of LZMA2', () => {
  it('that are stored', () => {
    expect(expandedBy(expandXz, stream(1, 0, 2, 0x61, 0x62, 0x63, 2, 0, 0, 0x64)).plain).toBe('abcd');
    expect(expandedBy(expandXz, stream(1, 0, 2, 0x61, 0x62)).plain).toBe('ab');
  });
  it('of an unknown kind, or of properties out of bounds, break it', () => {
    expect(expandedBy(expandXz, stream(1, 0, 0, 0x61, 3, 0, 0, 0x62)).plain).toBe('a');
    expect(expandedBy(expandXz, stream(0xe0, 0, 0, 0, 5, 225, 0, 0, 0, 0, 0, 0)).plain).toBe('');
  });
});

it('a filter before LZMA2 is unsupported', () => {
  const filtered = stream();
  filtered[13] = 1;
  expect(() => expandedBy(expandXz, filtered)).toThrow(/filter before LZMA2/u);
  const other = stream();
  other[14] = 4;
  expect(() => expandedBy(expandXz, other)).toThrow(/filter before LZMA2/u);
});
