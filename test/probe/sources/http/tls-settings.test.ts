import { rootCertificates } from 'node:tls';

import { describe, expect, it } from 'vitest';

import { Secret } from '../../../../src/model/secret.ts';
import { SYSTEM_TLS, tlsOptions } from '../../../../src/probe/sources/http/tls-settings.ts';

describe('the options of TLS', () => {
  it('check the server, unless the operator says otherwise', () => {
    expect(tlsOptions(SYSTEM_TLS, 'named')).toEqual({ rejectUnauthorized: true });
    expect(tlsOptions({ ...SYSTEM_TLS, trust: { kind: 'unchecked' } }, 'named')).toEqual({ rejectUnauthorized: false });
  });

  it('hold the given authorities in place of the built-in ones, or beside them', () => {
    expect(tlsOptions({ ...SYSTEM_TLS, trust: { kind: 'authorities', pem: 'A' } }, 'anonymous')).toEqual({
      rejectUnauthorized: true,
      ca: 'A',
    });
    const { ca } = tlsOptions({ ...SYSTEM_TLS, trust: { kind: 'system-and', pem: 'A' } }, 'named');
    expect(ca).toEqual([...rootCertificates, 'A']);
    expect(rootCertificates.length).toBeGreaterThan(50);
  });

  it('hold the client certificate for servers that the operator named, and for no others', () => {
    const settings = { ...SYSTEM_TLS, clientCertificate: { cert: 'C', key: new Secret('K') } };
    expect(tlsOptions(settings, 'named')).toEqual({ rejectUnauthorized: true, cert: 'C', key: 'K' });
    expect(tlsOptions(settings, 'anonymous')).toEqual({ rejectUnauthorized: true });
  });
});
