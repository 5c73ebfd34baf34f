import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

import { Unreadable } from '../../../../src/probe/reading/reading.ts';
import {
  MIB,
  bytes,
  serve,
  connect,
  opened,
  expectBytes,
  refused,
  ranges,
} from '../../../support/images/http-endpoint.ts';
import { type HttpStore, numberedBytes, withoutRanges } from '../../../support/images/http-store.ts';

/** A stream may bring so much more than was asked for, and is asked for so much less. */
const PIECE = 65_536;

describe('a server that ignores ranges', () => {
  it('is read forward over one request, and what was passed is still there', async () => {
    const store = await serve(withoutRanges(bytes));
    const source = opened(store.origin);
    expectBytes(await source.read(0, 512), bytes.subarray(0, 512));
    expect(source.size()).toBe(2 * MIB);
    expectBytes(await source.read(MIB, 100), bytes.subarray(MIB, MIB + 100));
    expectBytes(await source.read(256, 512), bytes.subarray(256, 768));
    expectBytes(await source.read(2 * MIB - 10, 100), bytes.subarray(-10));
    expect(source.cost()).toEqual({ requests: 1, bytes: 2 * MIB });
    expect(ranges(store)).toEqual(['bytes=0-511']);
  });

  it('is not read past the streaming budget', async () => {
    const store = await serve(withoutRanges(bytes));
    const source = opened(store.origin, connect({ mostBytes: MIB + PIECE }));
    await source.read(0, 512);
    const failure = await refused(source.read(MIB, 1));
    expect(failure).toBeInstanceOf(Unreadable);
    expect((failure as Unreadable).reason).toBe('no-random-access');
    expect(source.cost().bytes).toBeLessThan(MIB);
    expectBytes(await source.read(MIB - 16, 16), bytes.subarray(MIB - 16, MIB));
    expectBytes(await source.read(0, 16), bytes.subarray(0, 16));
    expect(source.cost().requests).toBe(1);
  });

  it('tells the size by its end where there is no Content-Length', async () => {
    const store = await serve((_seen, response) => {
      response.write(bytes.subarray(0, 1000));
      response.end(bytes.subarray(1000, 5000));
    });
    const source = opened(store.origin, connect({ mostBytes: 8000 + PIECE }));
    expectBytes(await source.read(0, 512), bytes.subarray(0, 512));
    expect(source.size()).toBeNull();
    expectBytes(await source.read(4000, 4000), bytes.subarray(4000, 5000));
    expect(source.size()).toBe(5000);
    expectBytes(await source.read(4999, 100_000), bytes.subarray(4999, 5000));
  });

  it('is cut off when the source is closed: it sees it, and has sent little', async () => {
    const whole = 512 * MIB;
    const store: HttpStore = await serve(async (_seen, response) => {
      response.writeHead(200, { 'content-length': whole });
      const piece = Buffer.alloc(65_536, 7);
      for (let sent = 0; sent < whole && !response.destroyed; sent += piece.length) {
        if (!response.write(piece)) {
          await Promise.race([once(response, 'drain'), store.seen[0]?.over]);
        }
      }
    });
    const source = opened(store.origin);
    expect(await source.read(0, 65_536)).toEqual(Buffer.alloc(65_536, 7));
    await source.close();
    const over = await store.seen[0]?.over;
    expect(over?.finished).toBe(false);
    expect(over?.sent).toBeLessThan(32 * MIB);
    expect(source.cost().bytes).toBeLessThan(MIB);
    expect((await refused(source.read(0, 1))).message).toContain('closed');
  });

  it('brings no more than the budget of an image, wherever a reading jumps to, and however often it breaks off', async () => {
    const large = numberedBytes(16 * MIB);
    const store = await serve(withoutRanges(large));
    const source = opened(store.origin);
    await source.read(0, 512 * 1024);
    const before = source.cost().bytes;
    for (const offset of [3 * MIB, 8 * MIB, 16 * MIB - 512]) {
      expect((await refused(source.read(offset, 512))).message).toContain('lies behind what is streamed');
    }
    expect(source.cost().bytes).toBe(before);
    expectBytes(await source.read(2 * MIB, 512), large.subarray(2 * MIB, 2 * MIB + 512));

    const broken = await serve((_seen, response) => {
      response.writeHead(200, { 'content-length': large.length });
      response.write(large.subarray(0, 1.5 * MIB), () => setTimeout(() => response.destroy(), 20));
    });
    const again = opened(broken.origin);
    await refused(again.read(0, 2 * MIB));
    expect(again.cost().bytes).toBeLessThanOrEqual(3 * MIB);
  });

  it('is cut off by itself when the streaming budget is used up', async () => {
    const store = await serve((_seen, response) => {
      response.writeHead(200, { 'content-length': 512 * MIB });
      response.write(bytes);
    });
    const source = opened(store.origin, connect({ mostBytes: MIB + PIECE }));
    expectBytes(await source.read(MIB - 8, 8), bytes.subarray(MIB - 8, MIB));
    expect((await store.seen[0]?.over)?.finished).toBe(false);
  });
});
