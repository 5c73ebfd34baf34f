import { describe, expect, it } from 'vitest';

import {
  DEFAULT_LIMITS,
  seconds,
  statusText,
  TransferFailure,
  transferFailure,
} from '../../../../src/probe/sources/http/transfer-failure.ts';

function told(code: unknown, message = 'geheim'): readonly string[] {
  const error = Object.assign(new Error(message), { code });
  const { message: text, again, sign, cause } = transferFailure(error, DEFAULT_LIMITS);
  expect(cause).toBeUndefined();
  expect(text).not.toContain('geheim');
  return [text, again.kind, sign];
}

describe('a failure of the network', () => {
  it.each([
    ['ECONNREFUSED', ['the connection was refused', 'never', 'fault']],
    ['ECONNRESET', ['the connection was reset', 'after-back-off', 'fault']],
    ['ETIMEDOUT', ['the network did not answer', 'after-back-off', 'overload']],
    ['UND_ERR_SOCKET', ['the connection was closed before the answer was complete', 'after-back-off', 'fault']],
    ['UND_ERR_CONNECT_TIMEOUT', ['no connection within 10 s', 'never', 'overload']],
    ['UND_ERR_HEADERS_TIMEOUT', ['no answer within 30 s', 'never', 'overload']],
    ['UND_ERR_BODY_TIMEOUT', ['the answer stood still for 20 s', 'never', 'overload']],
    ['UND_ERR_HEADERS_OVERFLOW', ['the headers of the answer are too long', 'never', 'fault']],
    ['HPE_INVALID_CONSTANT', ['the connection failed (HPE_INVALID_CONSTANT)', 'never', 'fault']],
    ['geheim', ['the connection failed (UNKNOWN)', 'never', 'fault']],
    [undefined, ['the connection failed (UNKNOWN)', 'never', 'fault']],
  ])('%s is told by its code alone', (code, expected) => {
    expect(told(code)).toEqual(expected);
  });

  it('with a certificate names the variable that helps', () => {
    expect(told('DEPTH_ZERO_SELF_SIGNED_CERT')[0]).toBe(
      'the certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT); OS_CACERT names the authority',
    );
    for (const code of ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA']) {
      expect(told(code)[0]).toBe(
        `the server asks for a client certificate that it knows (${code}); OS_CERT and OS_KEY name it`,
      );
    }
  });

  it('is not tried again where the answer belongs to no request', () => {
    expect(told('UND_ERR_SOCKET', 'bad upgrade')).toEqual([
      'the answer does not belong to the request',
      'never',
      'fault',
    ]);
  });

  it('that is known already is kept', () => {
    const known = new TransferFailure('known');
    expect(transferFailure(known, DEFAULT_LIMITS)).toBe(known);
  });
});

describe('a status', () => {
  it('has a meaning, or is named', () => {
    expect([statusText(404), statusText(407), statusText(418)]).toEqual([
      'not found (404)',
      'a proxy wants a login (407)',
      'the server answered 418',
    ]);
  });
});

describe('an expired limit', () => {
  it('is named with its own time', () => {
    const limits = { ...DEFAULT_LIMITS, connectMs: 150, firstByteMs: 2000, idleMs: 61_230 };
    const text = (code: string): string => transferFailure(Object.assign(new Error('x'), { code }), limits).message;
    expect(text('UND_ERR_CONNECT_TIMEOUT')).toBe('no connection within 0.2 s');
    expect(text('UND_ERR_HEADERS_TIMEOUT')).toBe('no answer within 2 s');
    expect(text('UND_ERR_BODY_TIMEOUT')).toBe('the answer stood still for 61.2 s');
    expect(text('ETIMEDOUT')).toBe('the network did not answer');
    expect(seconds(49)).toBe(0);
  });
});
