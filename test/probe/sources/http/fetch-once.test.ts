import { describe, expect, it } from 'vitest';

import { exchange } from '../../../../src/probe/sources/http/exchange.ts';
import { redirectGuard } from '../../../../src/probe/sources/http/redirect-guard.ts';
import { SYSTEM_TLS } from '../../../../src/probe/sources/http/tls-settings.ts';
import { QUICK, bytes, serve, connect, opened, expectBytes, refused } from '../../../support/images/http-endpoint.ts';
import { type Answer, type HttpStore, selfMadeCertificate, withRanges } from '../../../support/images/http-store.ts';

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
