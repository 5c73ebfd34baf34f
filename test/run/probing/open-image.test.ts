import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { connectImageApi, type ImageApi } from '../../../src/run/probing/open-image.ts';
import {
  httpStore,
  type HttpStore,
  numberedBytes,
  selfMadeCertificate,
  withRanges,
} from '../../support/images/http-store.ts';
import { proxyServer, type ProxyServer } from '../../support/images/proxy-server.ts';

const certificate = selfMadeCertificate();
const bytes = numberedBytes(4096);
let root = '';
let pem = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'open-image-'));
  pem = join(root, 'both.pem');
  writeFileSync(pem, `${certificate.cert}${certificate.key}`);
});
afterAll(() => rmSync(root, { recursive: true }));

const open: { readonly close: () => unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

/** Keystone and Glance in one server, which lets in only those who have the certificate. */
async function cloud(): Promise<HttpStore> {
  const strict = { ...certificate, ca: certificate.cert, requestCert: true, rejectUnauthorized: true } as const;
  const store: HttpStore = await httpStore((seen, response, nth) => {
    if (seen.path === '/v3/auth/tokens') {
      const catalog = [{ type: 'image', endpoints: [{ interface: 'public', region: 'r', url: store.origin }] }];
      response.writeHead(201, { 'x-subject-token': 'issued' }).end(JSON.stringify({ token: { catalog } }));
    } else if (seen.path.includes('00000000')) response.writeHead(404).end();
    else withRanges(bytes)(seen, response, nth);
  }, strict);
  open.push(store);
  return store;
}

async function proxy(): Promise<ProxyServer> {
  const server = await proxyServer();
  open.push(server);
  return server;
}

async function connect(address: string | null, environment: Record<string, string>): Promise<ImageApi> {
  const api = await connectImageApi({ address, token: null }, environment, () => undefined);
  open.push(api);
  return api;
}

async function readImage({ api }: ImageApi): Promise<Uint8Array> {
  const source = api.openImage('11111111-1111-4111-8111-111111111111');
  open.push(source);
  return source.read(0, 16);
}

describe('the image API', () => {
  it('is reached through the proxy with the client certificate, and so is Keystone', async () => {
    const store = await cloud();
    const server = await proxy();
    const api = await connect(null, {
      OS_AUTH_URL: store.origin,
      OS_APPLICATION_CREDENTIAL_ID: 'id',
      OS_APPLICATION_CREDENTIAL_SECRET: 'secret',
      OS_CACERT: pem,
      OS_CERT: pem,
      HTTPS_PROXY: server.origin,
    });
    expect(Buffer.from(await readImage(api))).toEqual(bytes.subarray(0, 16));
    expect(new Set(server.asked.map(({ line }) => line))).toEqual(new Set([`CONNECT ${new URL(store.origin).host}`]));
    expect(store.seen.map(({ path, headers }) => [path, headers['x-auth-token']])).toEqual([
      ['/v3/auth/tokens', undefined],
      ['/v2/images/00000000-0000-0000-0000-000000000000/file', 'issued'],
      ['/v2/images/11111111-1111-4111-8111-111111111111/file', 'issued'],
    ]);
  });

  it('without Keystone uses the same certificates', async () => {
    const store = await cloud();
    const api = await connect(store.origin, { OS_CACERT: pem, OS_CERT: pem });
    expect(Buffer.from(await readImage(api))).toEqual(bytes.subarray(0, 16));
    await expect(connect(store.origin, { OS_CACERT: pem })).rejects.toMatchObject({ code: 'IMAGE_API' });
    await expect(connect(store.origin, { OS_CACERT: join(root, 'none') })).rejects.toMatchObject({
      code: 'CREDENTIALS',
    });
  });
});
