import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { COMPRESSED_FORMATS } from '../../../src/probe/envelopes/compressed.ts';
import { fieldsOf } from '../../../src/probe/reading/fields.ts';
import { BZIP2, GZIP, LZ4, LZ4_LEGACY, LZIP, LZMA, LZW, XZ, ZSTD } from '../expand/support/packed.ts';
import { disk, judged, noise } from './support/judged.ts';

/** What the beginning of a file is recognised as: `gzip data strong`. */
function signs(bytes: Uint8Array): readonly string[] {
  return COMPRESSED_FORMATS.flatMap(({ recognise }) => {
    const sign = recognise({ head: fieldsOf(bytes), size: null });
    return sign === null ? [] : [`${sign.detail} ${sign.magic}`];
  });
}

const changed = (bytes: Uint8Array, at: number, value: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy[at] = value;
  return copy;
};

describe('compressed data', () => {
  it.each([
    ['gzip data strong', GZIP, changed(GZIP, 3, 0x20)],
    ['bzip2 data strong', BZIP2, changed(BZIP2, 4, 0)],
    ['xz data strong', XZ, changed(XZ, 5, 1)],
    ['zstd data strong', ZSTD, changed(ZSTD, 3, 0)],
    ['lz4-frame data strong', LZ4, changed(LZ4, 3, 0)],
    ['lz4-legacy data strong', LZ4_LEGACY, changed(LZ4_LEGACY, 3, 0)],
    ['lzip data strong', LZIP, changed(LZIP, 5, 11)],
    ['lzma data weak', LZMA, changed(LZMA, 1, 1)],
    ['lzw data weak', LZW, changed(LZW, 2, 0x88)],
    ['zlib data weak', deflateSync('text'), changed(deflateSync('text'), 1, 0)],
  ])('%s', (sign, bytes, broken) => {
    expect(signs(bytes)).toEqual([sign]);
    expect(signs(broken)).toEqual([]);
  });
  it('of bzip2 may be without a block', () => {
    expect(signs(Buffer.from('QlpoORdyRThQkAAAAAA=', 'base64'))).toEqual(['bzip2 data strong']);
  });
  it('of zstd may begin with a skippable frame', () => {
    const skippable = Uint8Array.of(0x5e, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9);
    expect(signs(Buffer.concat([skippable, ZSTD]))).toEqual(['zstd data strong']);
    expect(signs(skippable)).toEqual([]);
    // One that is longer than what was read leads nowhere.
    expect(signs(Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 255, 255, 255, 255))).toEqual([]);
  });
  it('that ends within its header is not recognised', () => {
    for (const bytes of [GZIP, BZIP2, XZ, ZSTD, LZ4, LZIP, LZMA, LZW]) {
      for (const length of [0, 1, 2, 3]) expect(() => signs(bytes.subarray(0, length))).not.toThrow();
    }
    expect(signs(LZMA.subarray(0, 17))).toEqual([]);
  });
});

describe('what is inside', () => {
  it('is judged, with an envelope around it', async () => {
    expect(await judged(gzipSync(disk()))).toBe('disk/raw/compressed likely');
    expect(await judged(gzipSync(noise(1000)))).toBe('-/raw/compressed undetermined');
  });
  it('may be compressed twice, not three times', async () => {
    expect(await judged(gzipSync(gzipSync(disk())))).toMatch(/^disk\/raw\/compressed /u);
    expect(await judged(gzipSync(gzipSync(gzipSync(disk()))))).toContain('NESTED_TOO_DEEP');
  });
  it('that cannot be expanded leaves compressed data', async () => {
    expect(await judged(Buffer.concat([GZIP.subarray(0, 10), Buffer.alloc(500, 0xff)]))).toBe(
      '-/raw/compressed undetermined',
    );
  });
  it('of two bytes of magic counts only if it ends, or is long', async () => {
    expect(await judged(deflateSync(disk()))).toMatch(/^disk\/raw\/compressed /u);
    const cut = deflateSync(noise(5000)).subarray(0, 3000);
    expect(await judged(cut)).toBe('-/raw/- undetermined');
  });
});
