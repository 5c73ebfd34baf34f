import { describe, expect, it } from 'vitest';

import { SourceFailure } from '../../../../src/probe/reading/source.ts';
import {
  MIB,
  bytes,
  open,
  serve,
  connect,
  opened,
  expectBytes,
  refused,
  ranges,
} from '../../../support/images/http-endpoint.ts';
import { refusingRanges, withoutRanges, withRanges } from '../../../support/images/http-store.ts';

describe('a server with ranges', () => {
  it('is asked for what is wanted, over one connection, and tells the size', async () => {
    const store = await serve(withRanges(bytes));
    const source = opened(`${store.origin}/a/image.img`);
    expect(source.size()).toBeNull();
    expectBytes(await source.read(0, 512), bytes.subarray(0, 512));
    expect(source.size()).toBe(2 * MIB);
    expectBytes(await source.read(2 * MIB - 512, 4096), bytes.subarray(-512));
    expectBytes(await source.read(MIB, 16), bytes.subarray(MIB, MIB + 16));
    expect(await source.read(2 * MIB, 16)).toHaveLength(0);
    expect(ranges(store)).toEqual(['bytes=0-511', 'bytes=2096640-2097151', 'bytes=1048576-1048591']);
    expect(source.cost()).toEqual({ requests: 3, bytes: 1040 });
    expect(store.seen.every((seen) => seen.headers['accept-encoding'] === 'identity')).toBe(true);
  });

  it('answers 416 past the end of a file, and for an empty one', async () => {
    const store = await serve(withRanges(bytes.subarray(0, 100)));
    const source = opened(store.origin);
    expect(await source.read(4096, 10)).toHaveLength(0);
    expect(source.size()).toBe(100);
    const empty = opened((await serve(withRanges(Buffer.alloc(0)))).origin);
    expect(await empty.read(0, 512)).toHaveLength(0);
    expect(empty.size()).toBe(0);
  });

  it('may send less than was asked for', async () => {
    const store = await serve((seen, response) => {
      const first = Number(/=(\d+)/.exec(seen.headers.range ?? '')?.[1]);
      response
        .writeHead(206, { 'content-range': `bytes ${first}-${first + 99}/*` })
        .end(bytes.subarray(first, first + 100));
    });
    const source = opened(store.origin);
    expectBytes(await source.read(0, 300), bytes.subarray(0, 300));
    expect(source.size()).toBeNull();
    expect((await refused(source.read(0, 4000))).message).toContain('crumbs');
  });

  it.each([
    ['another offset', 'bytes 512-1023/2097152'],
    ['more than was asked for', 'bytes 0-1023/2097152'],
    ['an end before its beginning', 'bytes 0-5/3'],
    ['no range at all', undefined],
    ['another unit', 'items 0-511/2097152'],
  ])('that names %s is not believed: the whole is asked for', async (_name, contentRange) => {
    const store = await serve((seen, response, nth) => {
      if (seen.headers.range === undefined) return withoutRanges(bytes)(seen, response, nth);
      response.writeHead(206, contentRange === undefined ? {} : { 'content-range': contentRange });
      response.end(bytes.subarray(512, 1024));
    });
    const source = opened(store.origin);
    expectBytes(await source.read(0, 512), bytes.subarray(0, 512));
    expectBytes(await source.read(512, 512), bytes.subarray(512, 1024));
    expect(ranges(store)).toEqual(['bytes=0-511', null]);
  });

  it('that sends less than its Content-Range says is asked again', async () => {
    const store = await serve((seen, response, nth) => {
      if (nth > 0) withRanges(bytes)(seen, response, nth);
      else response.writeHead(206, { 'content-range': 'bytes 0-511/2097152' }).end(bytes.subarray(0, 100));
    });
    expectBytes(await opened(store.origin).read(0, 512), bytes.subarray(0, 512));
    expect(ranges(store)).toEqual(['bytes=0-511', 'bytes=0-511']);
  });

  it('that sends more than its Content-Range says is cut off', async () => {
    const store = await serve((_seen, response) => {
      response.writeHead(206, { 'content-range': 'bytes 0-511/2097152' });
      const timer = setInterval(() => response.write(bytes.subarray(0, 600)), 1);
      response.once('close', () => clearInterval(timer));
    });
    const source = opened(store.origin);
    expectBytes(await source.read(0, 512), bytes.subarray(0, 512));
    expect((await store.seen[0]?.over)?.finished).toBe(false);
    expect(source.cost().bytes).toBeLessThan(100_000);
  });

  it.each(['bytes 0-99/2097152', 'bytes 512-511/2097152'])(
    'that answers %s to 512-611 is not believed',
    async (place) => {
      const store = await serve((seen, response, nth) => {
        if (seen.headers.range === undefined) return withoutRanges(bytes)(seen, response, nth);
        response.writeHead(206, { 'content-range': place }).end(bytes.subarray(0, 100));
      });
      expectBytes(await opened(store.origin).read(512, 100), bytes.subarray(512, 612));
      expect(ranges(store)).toEqual(['bytes=512-611', null]);
    },
  );

  it('is not believed when the size changes', async () => {
    const store = await serve((seen, response, nth) => withRanges(bytes.subarray(0, 4096 + nth))(seen, response, nth));
    const source = opened(store.origin);
    await source.read(0, 512);
    const failure = await refused(source.read(1024, 512));
    expect(failure).toBeInstanceOf(SourceFailure);
    expect(failure.message).toBe(`${store.origin}/: its size changed while it was read`);
  });
});

describe('a server that refuses ranges', () => {
  it('is asked once, then never again, for any image of its group', async () => {
    const store = await serve(refusingRanges(bytes));
    const endpoint = connect();
    const first = opened(`${store.origin}/1`, endpoint);
    expectBytes(await first.read(0, 512), bytes.subarray(0, 512));
    expectBytes(await first.read(4096, 512), bytes.subarray(4096, 4608));
    expect(first.cost().requests).toBe(2);
    const second = opened(`${store.origin}/2`, endpoint);
    expectBytes(await second.read(0, 512), bytes.subarray(0, 512));
    expect(second.cost().requests).toBe(1);
    expect(ranges(store)).toEqual(['bytes=0-511', null, null]);

    const elsewhere = endpoint.open(`${store.origin}/3`, { rangeGroup: 'a store with ranges' });
    open.push(elsewhere);
    await elsewhere.read(0, 512);
    expect(ranges(store).slice(3)).toEqual(['bytes=0-511', null]);
  });

  it('teaches nothing when the plain request fails too', async () => {
    const store = await serve((seen, response, nth) => {
      if (seen.path === '/good') withRanges(bytes)(seen, response, nth);
      else response.writeHead(400).end();
    });
    const endpoint = connect();
    expect((await refused(opened(`${store.origin}/bad`, endpoint).read(0, 8))).message).toContain('400');
    await opened(`${store.origin}/good`, endpoint).read(0, 8);
    expect(ranges(store)).toEqual(['bytes=0-7', null, 'bytes=0-7']);
  });

  it('with 500 is asked for the whole, without telling the other images; later, 500 is a fault that passes', async () => {
    const store = await serve((seen, response, nth) => {
      if (seen.headers.range === undefined) withoutRanges(bytes)(seen, response, nth);
      else if (seen.path === '/broken' || nth === 3) response.writeHead(500).end();
      else withRanges(bytes)(seen, response, nth);
    });
    const endpoint = connect();
    expectBytes(await opened(`${store.origin}/broken`, endpoint).read(0, 8), bytes.subarray(0, 8));
    const sound = opened(`${store.origin}/sound`, endpoint);
    expectBytes(await sound.read(0, 8), bytes.subarray(0, 8));
    expectBytes(await sound.read(MIB, 8), bytes.subarray(MIB, MIB + 8));
    const tail = 'bytes=1048576-1048583';
    expect(ranges(store)).toEqual(['bytes=0-7', null, 'bytes=0-7', tail, tail]);
  });

  it('is another matter than 416 for the first byte, which teaches nothing either', async () => {
    const store = await serve((seen, response, nth) => {
      if (seen.headers.range === undefined) withoutRanges(bytes)(seen, response, nth);
      else response.writeHead(416).end();
    });
    const endpoint = connect();
    expect(await opened(store.origin, endpoint).read(0, 8)).toEqual(bytes.subarray(0, 8));
    await opened(store.origin, endpoint).read(0, 8);
    expect(ranges(store)).toEqual(['bytes=0-7', null, 'bytes=0-7', null]);
  });
});
