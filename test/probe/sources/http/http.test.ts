import { setTimeout as wait } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { SYSTEM_TLS } from '../../../../src/probe/sources/http/tls-settings.ts';
import { bytes, serve, connect, opened, refused } from '../../../support/images/http-endpoint.ts';
import { selfMadeCertificate, withRanges } from '../../../support/images/http-store.ts';

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
