import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inflateEnd, inflateHead, inflateRange } from '../../../src/probe/expand/zlib.ts';
import { PLAIN } from './support/packed.ts';

const LONG = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7919) >> (index % 13)));
const FORMATS = [
  ['gzip', gzipSync],
  ['zlib', deflateSync],
  ['deflate-raw', deflateRawSync],
] as const;

describe.each(FORMATS)('%s', (format, compress) => {
  const packed = compress(LONG);
  it('gives as many bytes as asked for', async () => {
    for (const limit of [1, 63, 65_536, 65_537, 200_000, 300_000]) {
      expect(LONG.subarray(0, limit).equals(await inflateHead(format, packed, limit))).toBe(true);
    }
  });
  it('gives what a cut or damaged input holds', async () => {
    const cut = await inflateHead(format, packed.subarray(0, packed.length >> 1), 200_000);
    expect(cut.length).toBeGreaterThan(50_000);
    expect(LONG.subarray(0, cut.length).equals(cut)).toBe(true);
    const damaged = Buffer.from(packed).fill(0xff, 60_000, 60_200);
    expect((await inflateHead(format, damaged, 200_000)).length).toBeGreaterThan(20_000);
  });
  it('gives a range without what is before it', async () => {
    expect(LONG.subarray(150_000, 150_100).equals(await inflateRange(format, packed, 150_000, 150_100))).toBe(true);
    expect(LONG.subarray(199_990).equals(await inflateRange(format, packed, 199_990, 300_000))).toBe(true);
    expect(await inflateRange(format, packed, 200_000, 300_000)).toHaveLength(0);
  });
  it('tells the end within a limit, inclusive', async () => {
    const end = await inflateEnd(format, packed, 200_000);
    expect(end?.size).toBe(200_000);
    expect(LONG.subarray(-1024).equals(end?.tail ?? Buffer.alloc(0))).toBe(true);
    expect(await inflateEnd(format, packed, 199_999)).toBeNull();
    expect(await inflateEnd(format, packed.subarray(0, -5), 200_000)).toBeNull();
  });
  it('is unreadable where not one byte comes out', async () => {
    await expect(inflateHead(format, new Uint8Array(100).fill(0xff), 100)).rejects.toMatchObject({
      reason: 'malformed',
    });
  });
});

describe('bytes behind the data', () => {
  it('gzip: are passed over, with or without the fields of a header', async () => {
    const member = gzipSync(PLAIN);
    const named = Buffer.concat([
      member.subarray(0, 3),
      Buffer.of(0x1e, 0, 0, 0, 0, 0, 3, 2, 0, 7, 7),
      Buffer.from('name\0comment\0\0\0'),
      member.subarray(10),
    ]);
    for (const input of [member, named]) {
      const head = await inflateHead('gzip', Buffer.concat([input, Buffer.alloc(300, 7)]), 1000);
      expect(PLAIN.equals(head)).toBe(true);
    }
  });
  it('zlib: are a sign that it is none', async () => {
    const packed = deflateSync(PLAIN);
    expect((await inflateEnd('zlib', packed, 1000))?.size).toBe(PLAIN.length);
    expect(await inflateEnd('zlib', Buffer.concat([packed, Buffer.alloc(1)]), 1000)).toBeNull();
  });
});
