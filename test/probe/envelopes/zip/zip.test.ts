import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ZIP_FORMAT } from '../../../../src/probe/envelopes/zip/zip.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { disk, judged, noise } from '../support/judged.ts';
import { zipOf, type MadeEntry } from '../support/zip.ts';
import { BZIP2, LZMA, PLAIN, XZ, ZSTD } from '../../expand/support/packed.ts';

const stored: MadeEntry = { name: 'disk.img', data: disk() };
const deflated: MadeEntry = { name: 'disk.img', data: deflateRawSync(disk()), method: 8, size: 1 << 20 };
const text: MadeEntry = { name: 'readme', data: PLAIN };

describe('a zip archive', () => {
  it('with one file is what that file is', async () => {
    expect(await judged(zipOf(stored))).toBe('disk/raw/compressed likely');
    expect(await judged(zipOf(deflated))).toMatch(/^disk\/raw\/compressed /u);
    expect(await judged(zipOf({ name: 'noise', data: noise(40_000) }))).toBe('-/raw/compressed undetermined');
  });
  it('with more has its disk among them, or none', async () => {
    expect(await judged(zipOf(text, deflated))).toBe('disk/raw/compressed likely');
    expect(await judged(zipOf(text, text))).toBe('other/raw/compressed likely');
    expect(await judged(zipOf(text, { name: 'noise', data: noise(40_000) }))).toBe('-/raw/compressed undetermined');
  });
  it.each([
    ['bzip2', 12, BZIP2],
    ['zstd', 93, ZSTD],
    ['xz', 95, XZ],
    // A version, the length of the properties, and the first five bytes of a .lzma header.
    ['lzma', 14, Buffer.concat([Buffer.of(9, 20, 5, 0), LZMA.subarray(0, 5), LZMA.subarray(13)])],
  ])('expands %s', async (_, method, data) => {
    expect(await judged(zipOf({ name: 'readme', data, method, size: PLAIN.length }, text))).toBe(
      'other/raw/compressed likely',
    );
  });
  it('without a decoder for the method, or encrypted, stays unknown', async () => {
    expect(await judged(zipOf({ ...stored, method: 9 }))).toBe('-/raw/compressed undetermined');
    expect(await judged(zipOf({ ...stored, flags: 1 }))).toBe('-/raw/compressed undetermined ENCRYPTED_CONTENT');
  });
  it('whose names leave the directory is unsafe', async () => {
    expect(await judged(zipOf({ ...stored, name: '..\\disk.img' }))).toContain('UNSAFE_MEMBER');
  });
  it('is known by its magic and a version that exists', () => {
    const sign = (bytes: Uint8Array): unknown => ZIP_FORMAT.recognise({ head: fieldsOf(bytes), size: null });
    const head = Buffer.from(zipOf(text));
    expect(sign(head)).toEqual({ offset: 0, detail: 'zip archive', magic: 'strong' });
    expect(sign(head.subarray(0, 29))).toBeNull();
    head[4] = 64;
    expect(sign(head)).toBeNull();
  });
});
