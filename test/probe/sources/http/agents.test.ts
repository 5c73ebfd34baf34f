import type { Socket } from 'node:net';
import { inspect } from 'node:util';

import { describe, expect, it } from 'vitest';

import { Secret } from '../../../../src/model/secret.ts';
import type { HttpSettings } from '../../../../src/probe/sources/http/http.ts';
import { environmentProxies, type Proxies } from '../../../../src/probe/sources/http/proxies.ts';
import type { ClientCertificate, TlsSettings } from '../../../../src/probe/sources/http/tls-settings.ts';
import { bytes, connect, open, opened, QUICK, rawServer, serve } from '../../../support/images/http-endpoint.ts';
import {
  type Certificate,
  selfMadeCertificate,
  type StrictCertificate,
  withRanges,
} from '../../../support/images/http-store.ts';
import { proxyServer, type ProxyServer } from '../../../support/images/proxy-server.ts';

const LOGIN = `Basic ${Buffer.from('me:geheim').toString('base64')}`;
const certificate = selfMadeCertificate();
const stranger = selfMadeCertificate();

async function proxy(login: string | null = null, tls?: Certificate): Promise<ProxyServer> {
  const server = await proxyServer(login, tls);
  open.push(server);
  return server;
}

/** A server that is no HTTP server; counts its connections. */
async function counting(connected: (socket: Socket) => void): Promise<{ origin: string; count: () => number }> {
  let connections = 0;
  const origin = await rawServer((socket) => {
    connections += 1;
    connected(socket);
  });
  return { origin, count: () => connections };
}

const through = (origin: string, others: Record<string, string> = {}): Proxies =>
  environmentProxies({ http_proxy: origin, https_proxy: origin, ...others });

const trusting = (clientCertificate: ClientCertificate | null = null): TlsSettings => ({
  trust: { kind: 'authorities', pem: certificate.cert },
  clientCertificate,
});

async function read(address: string, settings: HttpSettings, offset = 512): Promise<Buffer> {
  return Buffer.from(await opened(address, connect({ ...QUICK, ...settings })).read(offset, 512));
}

async function failure(address: string, settings: HttpSettings): Promise<string> {
  const error: unknown = await read(address, settings).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  // Neither the message nor anything below it may hold the password of a proxy.
  expect(inspect(error, { depth: 9 })).not.toMatch(/geheim|bWU6/u);
  return (error as Error).message;
}

describe('a proxy', () => {
  it('forwards plain requests, and the login is for the proxy alone', async () => {
    const store = await serve(withRanges(bytes));
    const server = await proxy(LOGIN);
    const proxies = through(server.origin.replace('//', '//me:geheim@'));
    const found = await read(`${store.origin.replace('//', '//you:secret@')}/image?sign=x`, { proxies });
    expect(found).toEqual(bytes.subarray(512, 1024));
    expect(server.asked).toEqual([
      { line: `GET ${store.origin}/image?sign=x`, authorization: LOGIN, token: undefined },
    ]);
    expect(store.seen[0]?.headers).toMatchObject({
      host: new URL(store.origin).host,
      range: 'bytes=512-1023',
      authorization: `Basic ${Buffer.from('you:secret').toString('base64')}`,
    });
    expect(store.seen[0]?.headers['proxy-authorization']).toBeUndefined();
  });

  it('is a tunnel for TLS: it sees neither the path nor the credential, and the server proves itself', async () => {
    const store = await serve(withRanges(bytes), certificate);
    const server = await proxy(LOGIN);
    const proxies = through(server.origin.replace('//', '//me:geheim@'));
    const endpoint = connect({ proxies, tls: trusting() });
    const authenticator = {
      headers: () => Promise.resolve({ 'x-auth-token': 'token' }),
      renew: () => Promise.resolve(false),
    };
    const source = endpoint.open(`${store.origin}/image`, { authenticator });
    open.push(source);
    expect(Buffer.from(await source.read(0, 8))).toEqual(bytes.subarray(0, 8));
    expect(Buffer.from(await source.read(4096, 8))).toEqual(bytes.subarray(4096, 4104));
    const line = `CONNECT ${new URL(store.origin).host}`;
    expect(server.asked).toEqual([{ line, authorization: LOGIN, token: undefined }]);
    expect(store.seen.map(({ headers }) => headers['x-auth-token'])).toEqual(['token', 'token']);
    expect(store.seen[0]?.headers['proxy-authorization']).toBeUndefined();

    const unknown = { ...trusting(), trust: { kind: 'system' } } as const;
    expect(await failure(store.origin, { proxies, tls: unknown })).toContain('the certificate is not trusted');
    expect(store.seen).toHaveLength(2);
  });

  it('may be reached by TLS itself, for either kind of request', async () => {
    const plain = await serve(withRanges(bytes));
    const secure = await serve(withRanges(bytes), certificate);
    const server = await proxy(null, certificate);
    const proxies = through(server.origin);
    for (const { origin } of [plain, secure]) {
      expect(await read(origin, { proxies, tls: trusting() })).toEqual(bytes.subarray(512, 1024));
    }
    expect(server.asked).toHaveLength(2);
    const unknown = { ...trusting(), trust: { kind: 'system' } } as const;
    const found = await failure(plain.origin, { proxies, tls: unknown });
    expect(found).toContain(`the proxy ${server.origin}: the certificate is not trusted`);
  });

  it('is not asked where NO_PROXY names the server, nor without a variable', async () => {
    const store = await serve(withRanges(bytes));
    const server = await proxy();
    await read(store.origin, { proxies: through(server.origin, { no_proxy: '127.0.0.0/8' }) });
    process.env['http_proxy'] = server.origin;
    try {
      await read(store.origin, {});
    } finally {
      delete process.env['http_proxy'];
    }
    expect(store.seen).toHaveLength(2);
    expect(server.asked).toEqual([]);
  });

  it('that wants another login is named without the login that it got', async () => {
    const store = await serve(withRanges(bytes));
    const secure = await serve(withRanges(bytes), certificate);
    const server = await proxy('Basic other');
    const proxies = through(server.origin.replace('//', '//me:geheim@'));
    expect(await failure(store.origin, { proxies })).toBe(`${store.origin}/: a proxy wants a login (407)`);
    expect(await failure(secure.origin, { proxies, tls: trusting() })).toBe(
      `${secure.origin}/: the proxy ${server.origin}: a proxy wants a login (407)`,
    );
    expect(server.asked).toHaveLength(2);
  });

  it('that is not there, closes the connection or does not answer is named, and asked no more often than a server', async () => {
    const gone = await proxyServer();
    await gone.close();
    const closing = await counting((socket) => socket.once('data', () => socket.end()));
    const silent = await counting(() => undefined);
    const headers = await counting((socket) => {
      const line = `X: ${'x'.repeat(8000)}\r\n`;
      socket.write(`HTTP/1.1 200 OK\r\n${line.repeat(4)}\r\n`);
    });
    const limits = { firstByteMs: 1000 };
    for (const target of ['http://127.0.0.2:1', 'https://127.0.0.2:1']) {
      expect(await failure(target, { proxies: through(gone.origin) })).toBe(
        `${target}/: the proxy ${gone.origin}: the connection was refused`,
      );
      expect(await failure(target, { proxies: through(closing.origin) })).toContain('was closed before the answer');
      expect(await failure(target, { proxies: through(silent.origin), limits })).toContain('no answer within 1 s');
    }
    expect(closing.count()).toBe(2 * 4);
    expect(silent.count()).toBe(2);
    const overflow = await failure('https://127.0.0.2:1', { proxies: through(headers.origin) });
    expect(overflow).toContain(`the proxy ${headers.origin}: the headers of the answer are too long`);
  });

  it('whose address cannot be used is named by its variable', async () => {
    const found = await failure('http://127.0.0.2:1', { proxies: through('ftp://me:geheim@proxy') });
    expect(found).toBe('http://127.0.0.2:1/: HTTP_PROXY holds no http or https address of a proxy');
  });

  it('is not asked for a literal address that no redirect may lead to, and gets no credential for another origin', async () => {
    const elsewhere = await serve(withRanges(bytes));
    const store = await serve((seen, response) => {
      const location = seen.path === '/away' ? elsewhere.origin : 'http://169.254.169.254/latest/meta-data/';
      response.writeHead(302, { location }).end();
    });
    const server = await proxy();
    const proxies = through(server.origin);
    expect(await failure(store.origin, { proxies })).toContain('a redirect to an address of this link');
    expect(server.asked.map(({ line }) => line)).toEqual([`GET ${store.origin}/`]);
    await read(`${store.origin.replace('//', '//you:secret@')}/away`, { proxies });
    expect(store.seen.at(-1)?.headers.authorization).toBeDefined();
    expect(elsewhere.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });
});

describe('a client certificate', () => {
  const strict: StrictCertificate = {
    ...certificate,
    ca: certificate.cert,
    requestCert: true,
    rejectUnauthorized: true,
  };
  const own: ClientCertificate = { cert: certificate.cert, key: new Secret(certificate.key) };

  it('is presented to the server that wants it, directly and through a proxy', async () => {
    const store = await serve(withRanges(bytes), strict);
    expect(await read(store.origin, { tls: trusting(own) })).toEqual(bytes.subarray(512, 1024));
    const server = await proxy();
    const proxies = through(server.origin);
    expect(await read(store.origin, { tls: trusting(own), proxies })).toEqual(bytes.subarray(512, 1024));
    expect(server.asked).toHaveLength(1);
  });

  it('is asked for by name where it is missing or belongs to somebody else', async () => {
    const store = await serve(withRanges(bytes), strict);
    const wrong = { cert: stranger.cert, key: new Secret(stranger.key) };
    for (const tls of [trusting(), trusting(wrong)]) {
      expect(await failure(store.origin, { tls })).toMatch(/OS_CERT|was reset|was closed before/u);
    }
    expect(store.seen).toEqual([]);
  });

  it('goes to no other origin that a redirect leads to', async () => {
    const other = await serve(withRanges(bytes), strict);
    const store = await serve((seen, response, nth) => {
      if (seen.path === '/away') response.writeHead(302, { location: other.origin }).end();
      else if (seen.path === '/within') response.writeHead(302, { location: '/end' }).end();
      else withRanges(bytes)(seen, response, nth);
    }, strict);
    const settings = { tls: trusting(own) };
    expect(await read(`${store.origin}/within`, settings)).toEqual(bytes.subarray(512, 1024));
    await failure(`${store.origin}/away`, settings);
    const server = await proxy();
    await failure(`${store.origin}/away`, { ...settings, proxies: through(server.origin) });
    expect(other.seen).toEqual([]);
  });
});

describe('connections', () => {
  it('are used again by the next read', async () => {
    const sockets = new Set<unknown>();
    const store = await serve((seen, response, nth) => {
      sockets.add(response.socket);
      withRanges(bytes)(seen, response, nth);
    });
    const endpoint = connect();
    const source = opened(store.origin, endpoint);
    for (const offset of [0, 4096, 8192, 2_097_000, 2_097_152, 512]) await source.read(offset, 512);
    expect([store.seen.length, sockets.size]).toEqual([5, 1]);
  });

  it('that are still being made are cut when the endpoint is closed', async () => {
    const closed: Promise<void>[] = [];
    const server = await counting((socket) => {
      closed.push(new Promise((resolve) => socket.resume().once('close', () => resolve())));
    });
    // Long enough that the test fails where only the time limit ends the connection.
    const endpoint = connect({ limits: { connectMs: 3_600_000 } });
    const source = endpoint.open(server.origin.replace('http:', 'https:'));
    const reading = source.read(0, 8).catch((error: unknown) => (error as Error).message);
    while (server.count() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    endpoint.close();
    expect(await reading).toContain('reading was broken off');
    await Promise.all(closed);
    expect(closed).toHaveLength(1);
  });
});
