import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Unreadable } from '../../../../src/probe/reading/reading.ts';
import { type ByteSource, SourceFailure } from '../../../../src/probe/reading/source.ts';
import { exchange } from '../../../../src/probe/sources/http/exchange.ts';
import { redirectGuard } from '../../../../src/probe/sources/http/redirect-guard.ts';
import { createHttpEndpoint, type HttpEndpoint, type HttpSettings } from '../../../../src/probe/sources/http/http.ts';
import { SYSTEM_TLS } from '../../../../src/probe/sources/http/tls-settings.ts';
import {
  type Answer,
  type Certificate,
  httpStore,
  type HttpStore,
  numberedBytes,
  refusingRanges,
  selfMadeCertificate,
  withoutRanges,
  withRanges,
} from '../../../support/images/http-store.ts';

const MIB = 1024 * 1024;
/** A stream may bring so much more than was asked for, and is asked for so much less. */
const PIECE = 65_536;
const QUICK: HttpSettings = { retry: { shortestWaitMs: 1, longestWaitMs: 3 } };
const bytes = numberedBytes(2 * MIB);

const open: { readonly close: () => unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function serve(answer: Answer, certificate?: Certificate): Promise<HttpStore> {
  const store = await httpStore(answer, certificate);
  open.push(store);
  return store;
}

function connect(settings: HttpSettings = QUICK): HttpEndpoint {
  const endpoint = createHttpEndpoint(settings);
  open.push(endpoint);
  return endpoint;
}

function opened(address: string, endpoint = connect()): ByteSource {
  const source = endpoint.open(address);
  open.push(source);
  return source;
}

/** A server that writes what it likes to each connection. */
async function rawServer(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    answer(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** toEqual compares buffers byte by byte, at a second a megabyte. */
function expectBytes(found: Uint8Array, wanted: Uint8Array): void {
  expect(found).toHaveLength(wanted.length);
  expect(Buffer.compare(found, wanted)).toBe(0);
}

/** What a read was refused with. */
async function refused(work: Promise<unknown>): Promise<Error> {
  const failure = await work.then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(Error);
  return failure as Error;
}

const ranges = (store: HttpStore) => store.seen.map((seen) => seen.headers.range ?? null);

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

describe('faults that pass', () => {
  it('503 twice, then an answer', async () => {
    const store = await serve((seen, response, nth) =>
      nth < 2 ? void response.writeHead(503).end('busy') : withRanges(bytes)(seen, response, nth),
    );
    const source = opened(store.origin);
    expectBytes(await source.read(0, 512), bytes.subarray(0, 512));
    expect(source.cost()).toEqual({ requests: 3, bytes: 512 });
  });

  it('503 for ever is given up after the attempts allowed', async () => {
    const store = await serve((_seen, response) => void response.writeHead(503).end());
    const failure = await refused(opened(store.origin).read(0, 512));
    expect(failure.message).toBe(`${store.origin}/: the server answered 503 (4 attempts)`);
    expect(failure).toBeInstanceOf(SourceFailure);
    expect(store.seen).toHaveLength(4);
  });

  it('429 is waited for as long as it says', async () => {
    const times: number[] = [];
    const store = await serve((seen, response, nth) => {
      times.push(performance.now());
      if (nth === 0) response.writeHead(429, { 'retry-after': '1' }).end();
      else withRanges(bytes)(seen, response, nth);
    });
    await opened(store.origin).read(0, 512);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(950);
  });

  it.each(['86400', new Date(Date.now() + 86_400_000).toUTCString()])(
    'a wait that is too long is not waited: Retry-After %s',
    async (header) => {
      const store = await serve((_seen, response) => void response.writeHead(429, { 'retry-after': header }).end());
      expect((await refused(opened(store.origin).read(0, 512))).message).toContain('asks for a longer wait');
      expect(store.seen).toHaveLength(1);
    },
  );

  it('a reset in the middle of a range', async () => {
    const store = await serve((seen, response, nth) => {
      if (nth > 0) return withRanges(bytes)(seen, response, nth);
      response.writeHead(206, { 'content-range': `bytes 0-65535/${bytes.length}`, 'content-length': 65_536 });
      response.write(bytes.subarray(0, 1000), () => response.destroy());
    });
    const source = opened(store.origin);
    expectBytes(await source.read(0, 65_536), bytes.subarray(0, 65_536));
    expect(source.cost().requests).toBe(2);
  });

  it('a reset in the middle of a stream, which begins again and goes on where it was', async () => {
    const store = await serve((_seen, response, nth) => {
      response.writeHead(200, { 'content-length': bytes.length });
      if (nth > 1) response.end(bytes);
      else response.write(bytes.subarray(0, 100_000 * (nth + 1)), () => setTimeout(() => response.destroy(), 20));
    });
    const source = opened(store.origin);
    expectBytes(await source.read(0, 50_000), bytes.subarray(0, 50_000));
    await wait(60);
    expectBytes(await source.read(0, MIB), bytes.subarray(0, MIB));
    expectBytes(await source.read(MIB, 1000), bytes.subarray(MIB, MIB + 1000));
    expect(ranges(store)).toEqual(['bytes=0-49999', null, null]);
  });

  it('a connection that is closed before any answer', async () => {
    const store = await serve((seen, response, nth) =>
      nth === 0 ? void response.destroy() : withRanges(bytes)(seen, response, nth),
    );
    expect(await opened(store.origin).read(0, 8)).toEqual(bytes.subarray(0, 8));
  });
});

describe('an endpoint that is closed', () => {
  it('breaks off reads and waits under way, and begins nothing anew', async () => {
    const busy = await serve((_seen, response) => void response.writeHead(429, { 'retry-after': '25' }).end());
    const silent = await serve(() => undefined);
    const endpoint = connect();
    const waiting = refused(opened(`${busy.origin}/busy`, endpoint).read(0, 8));
    const reading = refused(opened(silent.origin, endpoint).read(0, 8));
    while (busy.seen.length + silent.seen.length < 2) await wait(10);
    await wait(50);
    endpoint.close();
    expect((await waiting).message).toBe(`${busy.origin}/busy: reading was broken off`);
    expect((await reading).message).toContain('reading was broken off');
    expect((await refused(opened(busy.origin, endpoint).read(0, 8))).message).toContain('reading was broken off');
    expect([busy.seen.length, silent.seen.length]).toEqual([1, 1]);
  });
});

describe('faults that stay', () => {
  it.each([
    [404, 'not found (404)'],
    [403, 'access is forbidden (403)'],
    [401, 'the server wants a login (401)'],
    [204, 'the server has no data'],
    [418, 'the server answered 418'],
  ])('%d is asked for once', async (status, text) => {
    const store = await serve((_seen, response) => void response.writeHead(status).end());
    expect((await refused(opened(`${store.origin}/x`).read(0, 512))).message).toBe(`${store.origin}/x: ${text}`);
    expect(store.seen).toHaveLength(1);
  });

  it('a server that never answers, one that stops, one that drips', async () => {
    const silent = await serve(() => undefined);
    expect(
      (await refused(opened(silent.origin, connect({ limits: { firstByteMs: 150 } })).read(0, 8))).message,
    ).toContain('no answer within');
    const stuck = await serve((_seen, response) => {
      response.writeHead(200, { 'content-length': 5000 });
      response.write('begun');
    });
    expect((await refused(opened(stuck.origin, connect({ limits: { idleMs: 150 } })).read(0, 512))).message).toContain(
      'stood still',
    );
    for (const status of [200, 206]) {
      const slow = await serve((_seen, response) => {
        const range = status === 206 ? { 'content-range': 'bytes 0-511/512' } : {};
        response.writeHead(status, { 'content-length': 512, ...range });
        const timer = setInterval(() => response.write('.'), 20);
        response.once('close', () => clearInterval(timer));
      });
      const source = opened(slow.origin, connect({ limits: { imageMs: 150 } }));
      expect((await refused(source.read(0, 512))).message).toContain('took longer');
      expect((await slow.seen[0]?.over)?.finished).toBe(false);
    }
  });

  it.each([
    ['gzip', { 'content-encoding': 'gzip' }],
    ['several', { 'content-encoding': 'identity, br' }],
  ])('a body that is encoded although identity was asked for: %s', async (_what, headers) => {
    const store = await serve((seen, response, nth) => {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      withRanges(bytes)(seen, response, nth);
    });
    const failure = await refused(opened(store.origin).read(0, 8));
    expect(failure.message).toContain('the server encodes what it sends');
    expect(store.seen).toHaveLength(1);
  });

  it('a body that is encoded on the way', async () => {
    const server = await rawServer((socket) => {
      socket.end(
        'HTTP/1.1 206 OK\r\nContent-Range: bytes 0-7/8\r\nTransfer-Encoding: gzip, chunked\r\n\r\n8\r\n12345678\r\n0\r\n\r\n',
      );
    });
    expect((await refused(opened(server).read(0, 8))).message).toContain('the server encodes what it sends');
  });

  it('interim answers without end, and headers that drip', async () => {
    const flood = await rawServer((socket) => {
      const send = (): void => {
        if (!socket.destroyed) socket.write('HTTP/1.1 102 Processing\r\n\r\n'.repeat(10), () => setImmediate(send));
      };
      send();
    });
    expect((await refused(opened(flood).read(0, 8))).message).toContain('interim answers without end');
    const drip = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('X-A: 1\r\n'), 10);
      socket.once('close', () => clearInterval(timer));
    });
    const source = opened(drip, connect({ limits: { imageMs: 150 } }));
    expect((await refused(source.read(0, 8))).message).toContain('longer than 0.2 s in all');
  });

  it('time that all requests of an image used up together: reads, waits, retries, redirects', async () => {
    const store = await serve((seen, response, nth) => {
      if (seen.path === '/busy') response.writeHead(429, { 'retry-after': '20' }).end();
      else if (seen.path === '/round') setTimeout(() => response.writeHead(302, { location: '/round' }).end(), 60);
      else setTimeout(() => withRanges(bytes)(seen, response, nth), 60);
    });
    const endpoint = connect({ ...QUICK, limits: { imageMs: 150 } });
    for (const path of ['busy', 'round']) {
      expect((await refused(opened(`${store.origin}/${path}`, endpoint).read(0, 8))).message).toContain('took longer');
    }
    const source = opened(`${store.origin}/slow`, endpoint);
    const all = async (): Promise<void> => {
      for (let at = 0; at < 10; at += 1) await source.read(at * 4096, 8);
    };
    expect((await refused(all())).message).toContain('took longer');
    expect((await refused(source.read(0, 8))).message).toMatch(/took longer|broken off/u);
  });

  it('a login that does not end', async () => {
    const store = await serve(withRanges(bytes));
    const authenticator = { headers: () => new Promise<never>(() => {}), renew: () => Promise.resolve(false) };
    const source = connect({ limits: { imageMs: 100 } }).open(store.origin, { authenticator });
    open.push(source);
    expect((await refused(source.read(0, 8))).message).toContain('took longer');
  });

  it('images of a tenant, or behind a redirect, of which several took too long, are not asked for', async () => {
    const tarpit = await serve((_seen, response) => {
      response.writeHead(200, { 'content-length': 512 });
      const timer = setInterval(() => response.write('.'), 20);
      response.once('close', () => clearInterval(timer));
    });
    const glance = await serve((seen, response, nth) => {
      if (seen.path.startsWith('/away')) response.writeHead(302, { location: tarpit.origin }).end();
      else if (seen.path.startsWith('/slow')) response.writeHead(200, { 'content-length': 512 }).write('.');
      else withRanges(bytes)(seen, response, nth);
    });
    const endpoint = connect({ ...QUICK, limits: { imageMs: 100 } });
    const read = async (path: string, tenant: string): Promise<string> => {
      const source = endpoint.open(`${glance.origin}/${path}`, { tenant, lane: 'by URL' });
      open.push(source);
      return source.read(0, 8).then(
        () => 'read',
        (error: Error) => error.message,
      );
    };
    for (let image = 0; image < 3; image += 1) expect(await read(`slow${image}`, 'a')).toContain('took longer');
    const before = glance.seen.length;
    expect(await read('slow4', 'a')).toMatch(/not asked for.*run again/u);
    expect(glance.seen).toHaveLength(before);
    expect(await read('good', 'b')).toBe('read');
    for (let image = 0; image < 3; image += 1) expect(await read(`away${image}`, `c${image}`)).toContain('took longer');
    expect(await read('away4', 'd')).toMatch(/not asked for.*run again/u);
    expect(tarpit.seen).toHaveLength(3);
    expect(await read('good', 'd')).toBe('read');
  });

  it.each([429, 503, 504])('%d is told to whoever decides how much is asked at once', async (status) => {
    const store = await serve((seen, response, nth) => {
      if (nth < 2) response.writeHead(status).end();
      else withRanges(bytes)(seen, response, nth);
    });
    const told: string[] = [];
    await opened(store.origin, connect({ ...QUICK, onOverload: (lane) => told.push(lane) })).read(0, 8);
    expect(told).toEqual([store.origin, store.origin]);
  });

  it('so are answers that do not come, and no other failures', async () => {
    const store = await serve((seen, response) => {
      if (seen.path !== '/silent') response.writeHead(Number(seen.path.slice(1))).end();
    });
    const told: string[] = [];
    const endpoint = connect({ ...QUICK, limits: { firstByteMs: 150 }, onOverload: (lane) => told.push(lane) });
    for (const path of ['404', '500', '502', '403'])
      await refused(opened(`${store.origin}/${path}`, endpoint).read(0, 8));
    expect(told).toEqual([]);
    await refused(opened(`${store.origin}/silent`, endpoint).read(0, 8));
    expect(told).toEqual([store.origin]);
  });

  it('a range is read into the memory that is given, piece after piece', async () => {
    const store = await serve((seen, response, nth) => {
      const [first = 0, last = 0] = (seen.headers.range ?? '').replace('bytes=', '').split('-').map(Number);
      const part = { ...seen, headers: { ...seen.headers, range: `bytes=${first}-${Math.min(last, first + 399)}` } };
      withRanges(bytes)(part, response, nth);
    });
    const room = new Uint8Array(2000).fill(1);
    const given = await opened(store.origin).read(100, 1000, room);
    expect(given.buffer).toBe(room.buffer);
    expectBytes(given, bytes.subarray(100, 1100));
    expect(room.subarray(1000).every((byte) => byte === 1)).toBe(true);
    expect(store.seen).toHaveLength(3);
  });

  it('a host that takes no connection within the limit', async () => {
    // TEST-NET-1 (RFC 5737) routes nowhere; some networks refuse it at once.
    const source = opened('http://192.0.2.1/image', connect({ limits: { connectMs: 200 } }));
    expect(await refused(source.read(0, 8))).toBeInstanceOf(SourceFailure);
  });

  it('nobody there, no such name, no web address', async () => {
    const gone = await httpStore(withRanges(bytes));
    await gone.close();
    expect((await refused(opened(gone.origin).read(0, 8))).message).toBe(`${gone.origin}/: the connection was refused`);
    for (const address of ['ftp://host/x', '/etc/passwd', 'file:///etc/passwd', 'http://', 'user:geheim@host']) {
      expect(() => connect().open(address)).toThrow(new SourceFailure('not an http or https address'));
    }
  });

  it('an answer that is no HTTP, and a protocol change nobody asked for', async () => {
    const store = await serve((seen, response) => {
      const { socket } = response;
      if (seen.path === '/garbage') socket?.end('garbage\r\n\r\n');
      else socket?.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n');
    });
    expect(await refused(opened(`${store.origin}/garbage`).read(0, 8))).toBeInstanceOf(SourceFailure);
    expect(await refused(opened(`${store.origin}/upgrade`).read(0, 8))).toBeInstanceOf(SourceFailure);
  });
});

describe('redirects', () => {
  const redirect =
    (location: () => string, status = 302): Answer =>
    (_seen, response) =>
      void response.writeHead(status, { location: location() }).end();

  it('are followed, with the range, relative ones too', async () => {
    const store = await serve((seen, response, nth) =>
      seen.path === '/real'
        ? withRanges(bytes)(seen, response, nth)
        : void response.writeHead(307, { location: '/real' }).end(),
    );
    const source = opened(`${store.origin}/short`);
    expectBytes(await source.read(512, 512), bytes.subarray(512, 1024));
    expect(source.cost().requests).toBe(2);
    expect(source.label).toBe(`${store.origin}/short`);
  });

  it('are given up after five', async () => {
    const store = await serve(redirect(() => '/again'));
    expect((await refused(opened(store.origin).read(0, 8))).message).toContain('more than 5 redirects');
    expect(store.seen).toHaveLength(6);
  });

  it('keep the credential at home: not sent to another origin, nor after coming back from one', async () => {
    const home: HttpStore = await serve((seen, response, nth) => {
      if (seen.path === '/away') response.writeHead(302, { location: `${abroad.origin}/stop` }).end();
      else if (seen.path === '/within') response.writeHead(302, { location: '/end' }).end();
      else withRanges(bytes)(seen, response, nth);
    });
    const abroad: HttpStore = await serve(redirect(() => `${home.origin}/end`));
    const address = home.origin.replace('//', '//user:p%40ss@');
    const basic = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;
    expect(await opened(`${address}/away`).read(0, 8)).toEqual(bytes.subarray(0, 8));
    expect(await opened(`${address}/within`).read(0, 8)).toEqual(bytes.subarray(0, 8));
    const sent = home.seen.map((seen) => [seen.path, seen.headers.authorization]);
    expect(sent).toEqual([
      ['/away', basic],
      ['/end', undefined],
      ['/within', basic],
      ['/end', basic],
    ]);
    expect(abroad.seen.map((seen) => seen.headers.authorization)).toEqual([undefined]);
  });

  it('to a user and password of their own do not send these', async () => {
    const store: HttpStore = await serve((seen, response, nth) => {
      if (seen.path !== '/') return withRanges(bytes)(seen, response, nth);
      response.writeHead(302, { location: `${store.origin.replace('//', '//evil:pass@')}/x` }).end();
    });
    await opened(store.origin).read(0, 8);
    expect(store.seen.map((seen) => seen.headers.authorization)).toEqual([undefined, undefined]);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://user:geheim@169.254.1.1/',
    'http://[fe80::1]/',
    'http://[::ffff:169.254.169.254]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[2002:a9fe:a9fe::1]/',
    'http://[fd00:ec2::254]/',
    'http://0.0.0.0/',
    'http://[::]/',
  ])('lead to no address of this link: %s', async (target) => {
    const store = await serve(redirect(() => target));
    const failure = await refused(opened(store.origin).read(0, 8));
    expect(failure.message).toBe(`${store.origin}/: a redirect to an address of this link or this machine`);
    expect(failure.message).not.toContain('geheim');
  });

  it('lead to this machine only from a server on it, by address or by name', async () => {
    const far = redirectGuard(new URL('https://glance.example/v2'));
    const near = redirectGuard(new URL('http://127.0.0.1:9292/v2'));
    const places = ['http://127.0.0.1/', 'http://127.9.9.9/', 'http://[::1]/', 'http://[::ffff:127.0.0.1]/'];
    expect(places.map((place) => [far.refuses(new URL(place)), near.refuses(new URL(place))])).toEqual(
      places.map(() => [true, false]),
    );
    // The name is resolved for the connection itself.
    const store = await serve(withRanges(bytes));
    const url = new URL(store.origin.replace('127.0.0.1', 'localhost'));
    const { connections } = connect();
    const failure = await refused(exchange({ url, headers: {}, body: null, guard: far }, connections));
    expect(failure.message).toBe('a redirect to a name with an address of this link or this machine');
    expect(store.seen).toHaveLength(0);
    const answer = await exchange({ url, headers: {}, body: null, guard: near }, connections);
    expect(answer.status).toBe(200);
    answer.destroy();
    // As a way to a server here that is no loopback address by its looks (Linux connects to this machine).
    const first = await serve(redirect(() => url.href));
    const begun = opened(first.origin.replace('127.0.0.1', '0.0.0.0'));
    expect((await refused(begun.read(0, 8))).message).toContain('a redirect to a name with an address');
    expect(store.seen).toHaveLength(1);
  });

  it('lead to no other kind of address, and never from https to http', async () => {
    const files = await serve(redirect(() => 'file:///etc/passwd'));
    expect((await refused(opened(files.origin).read(0, 8))).message).toContain('no http or https address');
    const certificate = selfMadeCertificate();
    const plain = await serve(withRanges(bytes));
    const secure = await serve(
      redirect(() => plain.origin),
      certificate,
    );
    const endpoint = connect({
      ...QUICK,
      tls: { ...SYSTEM_TLS, trust: { kind: 'authorities', pem: certificate.cert } },
    });
    const failure = await refused(opened(secure.origin, endpoint).read(0, 8));
    expect(failure.message).toContain('a redirect from https to http');
    expect(plain.seen).toHaveLength(0);
  });
});

describe('certificates', () => {
  const certificate = selfMadeCertificate();

  it('are checked against the system, unless an authority or no check is asked for', async () => {
    const store = await serve(withRanges(bytes), certificate);
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const failure = await refused(opened(store.origin).read(0, 8));
      expect(failure.message).toContain('the certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)');
      expect(store.seen).toHaveLength(0);
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
    const known = connect({ tls: { ...SYSTEM_TLS, trust: { kind: 'authorities', pem: certificate.cert } } });
    expect(await opened(store.origin, known).read(0, 8)).toEqual(bytes.subarray(0, 8));
    const unchecked = connect({ tls: { ...SYSTEM_TLS, trust: { kind: 'unchecked' } } });
    expect(await opened(store.origin, unchecked).read(8, 8)).toEqual(bytes.subarray(8, 16));
  });

  it('must name the host', async () => {
    const store = await serve(withRanges(bytes), certificate);
    const known = connect({ tls: { ...SYSTEM_TLS, trust: { kind: 'authorities', pem: certificate.cert } } });
    const failure = await refused(opened(store.origin.replace('127.0.0.1', 'localhost'), known).read(0, 8));
    expect(failure.message).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
  });
});

describe('what is printed', () => {
  it('holds no user, password, query or fragment', async () => {
    const store = await serve((_seen, response) => void response.writeHead(403).end());
    const address = `${store.origin.replace('//', '//user:geheim@')}/path/x?X-Amz-Signature=geheim#geheim`;
    const source = opened(address);
    expect(source.label).toBe(`${store.origin}/path/x`);
    const failure = await refused(source.read(0, 8));
    expect(failure.cause).toBeUndefined();
    expect(`${failure.message}${failure.stack}`).not.toContain('geheim');
    expect(store.seen[0]?.path).toBe('/path/x?X-Amz-Signature=geheim');
  });
});
