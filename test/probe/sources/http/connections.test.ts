import { describe, expect, it } from 'vitest';

import { SYSTEM_TLS } from '../../../../src/probe/sources/http/tls-settings.ts';
import { bytes, serve, connect, opened, refused } from '../../../support/images/http-endpoint.ts';
import { selfMadeCertificate, withRanges } from '../../../support/images/http-store.ts';

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
