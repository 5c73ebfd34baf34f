import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { anyServer } from '../../../src/probe/sources/any-server.ts';
import { bytes, open, serve } from '../../support/images/http-endpoint.ts';
import { selfMadeCertificate, withRanges } from '../../support/images/http-store.ts';

describe('connections to any server', () => {
  it('trust the authorities of OS_CACERT beside others, and report a server that asks for patience', async () => {
    const certificate = selfMadeCertificate();
    const root = mkdtempSync(join(tmpdir(), 'any-server-'));
    open.push({ close: () => rmSync(root, { recursive: true }) });
    const pem = join(root, 'ca.pem');
    writeFileSync(pem, certificate.cert);
    const other = join(root, 'other.pem');
    writeFileSync(other, selfMadeCertificate().cert);
    const store = await serve((seen, response, nth) => {
      if (nth === 0) response.writeHead(429, { 'retry-after': '0' }).end();
      else withRanges(bytes)(seen, response, nth);
    }, certificate);
    const overloaded: string[] = [];
    const endpoint = anyServer({ OS_CACERT: other, NODE_EXTRA_CA_CERTS: pem }, (origin) => overloaded.push(origin));
    open.push(endpoint);
    const source = endpoint.open(store.origin);
    open.push(source);
    expect(Buffer.compare(await source.read(0, 8), bytes.subarray(0, 8))).toBe(0);
    expect(overloaded).toEqual([store.origin]);
    expect(() => anyServer({ OS_CERT: '/nowhere' }, () => undefined)).toThrow(/OS_CERT/u);
  });
});
