import { describe, expect, it } from 'vitest';

import { SourceFailure } from '../../../../src/probe/reading/source.ts';
import {
  QUICK,
  bytes,
  open,
  serve,
  connect,
  opened,
  rawServer,
  expectBytes,
  refused,
} from '../../../support/images/http-endpoint.ts';
import { httpStore, withRanges } from '../../../support/images/http-store.ts';

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
      (await refused(opened(silent.origin, connect({ limits: { firstByteMs: 1000 } })).read(0, 8))).message,
    ).toContain('no answer within');
    const stuck = await serve((_seen, response) => {
      response.writeHead(200, { 'content-length': 5000 });
      response.write('begun');
    });
    expect((await refused(opened(stuck.origin, connect({ limits: { idleMs: 1000 } })).read(0, 512))).message).toContain(
      'stood still',
    );
    for (const status of [200, 206]) {
      const slow = await serve((_seen, response) => {
        const range = status === 206 ? { 'content-range': 'bytes 0-511/512' } : {};
        response.writeHead(status, { 'content-length': 512, ...range });
        const timer = setInterval(() => response.write('.'), 20);
        response.once('close', () => clearInterval(timer));
      });
      const source = opened(slow.origin, connect({ limits: { imageMs: 1000 } }));
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
    const source = opened(drip, connect({ limits: { imageMs: 1000 } }));
    expect((await refused(source.read(0, 8))).message).toContain('longer than 1 s in all');
  });

  it('time that all requests of an image used up together: reads, waits, retries, redirects', async () => {
    const store = await serve((seen, response, nth) => {
      if (seen.path === '/busy') response.writeHead(429, { 'retry-after': '20' }).end();
      else if (seen.path === '/round') setTimeout(() => response.writeHead(302, { location: '/round' }).end(), 300);
      else setTimeout(() => withRanges(bytes)(seen, response, nth), 300);
    });
    const endpoint = connect({ ...QUICK, limits: { imageMs: 1000 } });
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
    const source = connect({ limits: { imageMs: 1000 } }).open(store.origin, { authenticator });
    open.push(source);
    expect((await refused(source.read(0, 8))).message).toContain('took longer');
  });

  it('images of a tenant, or behind a redirect, of which several took too long, are not asked for', async () => {
    const tarpit = await serve((_seen, response) => {
      response.writeHead(200, { 'content-length': 512 });
      const timer = setInterval(() => response.write('.'), 500);
      response.once('close', () => clearInterval(timer));
    });
    const glance = await serve((seen, response, nth) => {
      if (seen.path.startsWith('/away')) response.writeHead(302, { location: tarpit.origin }).end();
      else if (seen.path.startsWith('/slow')) response.writeHead(200, { 'content-length': 512 }).write('.');
      else withRanges(bytes)(seen, response, nth);
    });
    const endpoint = connect({ ...QUICK, limits: { imageMs: 2000 } });
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
    const endpoint = connect({ ...QUICK, limits: { firstByteMs: 1000 }, onOverload: (lane) => told.push(lane) });
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
    const source = opened('http://192.0.2.1/image', connect({ limits: { connectMs: 1000 } }));
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
