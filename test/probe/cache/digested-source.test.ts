import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { DIGESTED_BYTES, digestedSource } from '../../../src/probe/cache/digested-source.ts';
import type { ByteSource } from '../../../src/probe/reading/source.ts';
import { numberedBytes } from '../../support/images/http-store.ts';

const image = numberedBytes(4 * DIGESTED_BYTES);
const digestOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes.subarray(0, DIGESTED_BYTES)).digest('hex');

/** A source in memory that notes what it was asked for. */
function source(bytes: Uint8Array): ByteSource & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    label: 'memory',
    size: () => bytes.length,
    read: (offset, length, room) => {
      asked.push(`${offset}+${length}`);
      const piece = bytes.subarray(offset, offset + length);
      if (room === undefined) return Promise.resolve(Uint8Array.from(piece));
      room.set(piece);
      return Promise.resolve(room.subarray(0, piece.length));
    },
    cost: () => ({ requests: asked.length, bytes: 0 }),
    close: () => Promise.resolve(),
  };
}

describe('the digest of the head', () => {
  it('comes from the first read, however much that brings', async () => {
    for (const length of [DIGESTED_BYTES, 2 * DIGESTED_BYTES]) {
      const digested = digestedSource(source(image));
      expect(digested.head()).toBeNull();
      await digested.read(0, length);
      expect(digested.head()).toBe(digestOf(image));
    }
  });

  it('of a short image covers all of it, and there is none of an empty one', async () => {
    const short = digestedSource(source(image.subarray(0, 100)));
    expect(await short.readHead()).toBe(digestOf(image.subarray(0, 100)));
    expect(await digestedSource(source(new Uint8Array(0))).readHead()).toBeNull();
  });

  it('does not come from a read that stops before its end', async () => {
    const digested = digestedSource(source(image));
    await digested.read(0, DIGESTED_BYTES - 1);
    await digested.read(512, 2 * DIGESTED_BYTES);
    expect(digested.head()).toBeNull();
  });
});

describe('a head that was read for its digest', () => {
  it('is not requested again, wherever a later read begins', async () => {
    const under = source(image);
    const digested = digestedSource(under);
    await digested.readHead();
    await digested.readHead();
    expect(Buffer.compare(await digested.read(512, 1024), image.subarray(512, 1536))).toBe(0);
    const across = await digested.read(DIGESTED_BYTES - 8, 16);
    expect(Buffer.compare(across, image.subarray(DIGESTED_BYTES - 8, DIGESTED_BYTES + 8))).toBe(0);
    expect(under.asked).toEqual([`0+${DIGESTED_BYTES}`, `${DIGESTED_BYTES}+8`]);
  });

  it('is put into the memory that is given', async () => {
    const digested = digestedSource(source(image));
    await digested.readHead();
    const room = new Uint8Array(DIGESTED_BYTES + 64);
    const found = await digested.read(0, DIGESTED_BYTES + 8, room);
    expect(found.buffer).toBe(room.buffer);
    expect(Buffer.compare(found, image.subarray(0, DIGESTED_BYTES + 8))).toBe(0);
    expect(room.subarray(DIGESTED_BYTES + 8).every((byte) => byte === 0)).toBe(true);
  });
});
