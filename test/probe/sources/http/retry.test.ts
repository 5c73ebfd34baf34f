import { setTimeout as wait } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { SourceFailure } from '../../../../src/probe/reading/source.ts';
import { MIB, bytes, serve, opened, expectBytes, refused, ranges } from '../../../support/images/http-endpoint.ts';
import { withRanges } from '../../../support/images/http-store.ts';

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
