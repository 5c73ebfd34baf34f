import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Problem, RetypeError } from '../../../../src/model/error.ts';
import type { TlsSettings } from '../../../../src/probe/sources/http/tls-settings.ts';
import { environmentSettings } from '../../../../src/probe/sources/openstack/openstack-settings.ts';
import { environmentTls, readTls } from '../../../../src/probe/sources/openstack/tls-files.ts';
import { selfMadeCertificate } from '../../../support/images/http-store.ts';

const own = selfMadeCertificate();
const other = selfMadeCertificate();
let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'tls-files-'));
});
afterAll(() => rmSync(root, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(root, name), text);
  return join(root, name);
}

function read(env: Record<string, string>): { readonly tls: TlsSettings; readonly problems: readonly string[] } {
  const problems: Problem[] = [];
  const tls = readTls(environmentSettings(env), root, problems);
  return { tls, problems: problems.map(({ place, expected, found }) => `${place}: ${expected}: ${found}`) };
}

describe('a client certificate', () => {
  it('is read with its key from two files or from one, below the home directory as well', () => {
    const cert = file('cert.pem', own.cert);
    const key = file('key.pem', own.key);
    const both = file('both.pem', `${own.cert}${own.key}`);
    const two = read({ OS_CERT: cert, OS_KEY: key });
    expect(two.problems).toEqual([]);
    expect([two.tls.clientCertificate?.cert, two.tls.clientCertificate?.key.reveal()]).toEqual([own.cert, own.key]);
    expect(inspect(two, { depth: 9 })).not.toContain('PRIVATE KEY');
    expect(read({ OS_CERT: '~/both.pem' }).tls.clientCertificate?.key.reveal()).toBe(`${own.cert}${own.key}`);
    expect(read({ OS_CERT: both, OS_KEY: key }).problems).toEqual([]);
  });

  it('is none where only a key is named', () => {
    expect(read({ OS_KEY: '/nowhere' })).toEqual({
      tls: { trust: { kind: 'system' }, clientCertificate: null },
      problems: [],
    });
  });

  it('is refused with what is wrong, and nothing of the file', () => {
    const cert = file('cert.pem', own.cert);
    const sealed = join(root, 'sealed.pem');
    execFileSync('openssl', ['pkey', '-in', file('key.pem', own.key), '-aes256', '-passout', 'pass:x', '-out', sealed]);
    const wanted = 'OS_KEY: the private key of the certificate';
    expect(read({ OS_CERT: cert }).problems).toEqual(['OS_CERT: a PEM file: no private key in it']);
    expect(read({ OS_CERT: file('key.pem', own.key) }).problems).toEqual(['OS_CERT: a PEM file: no certificate in it']);
    expect(read({ OS_CERT: cert, OS_KEY: file('other.pem', other.key) }).problems).toEqual([
      `${wanted}: the key of another certificate`,
    ]);
    expect(read({ OS_CERT: cert, OS_KEY: sealed }).problems).toEqual([`${wanted}: a key that is encrypted`]);
    const broken = file('broken.pem', '-----BEGIN PRIVATE KEY-----\ngeheim\n-----END PRIVATE KEY-----\n');
    expect(read({ OS_CERT: cert, OS_KEY: broken }).problems[0]).toMatch(/^OS_KEY: .*: something else \([A-Z0-9_]+\)$/u);
    expect(read({ OS_CERT: cert, OS_KEY: join(root, 'none') }).problems).toEqual([
      'OS_KEY: a readable PEM file: ENOENT',
    ]);
  });

  it('costs bounded memory, whatever its path leads to', () => {
    expect(read({ OS_CERT: '/dev/zero', OS_CACERT: '/dev/zero' }).problems).toEqual([
      'OS_CACERT: a readable PEM file: EFBIG',
      'OS_CERT: a readable PEM file: EFBIG',
    ]);
  });
});

describe('TLS by the environment alone', () => {
  it('takes OS_CACERT in place of the built-in authorities for one cloud, and beside them for any server', () => {
    const env = { OS_CACERT: file('ca.pem', own.cert), OS_PASSWORD: 'x', OS_VERIFY: 'false' };
    expect(environmentTls(env, 'one-cloud').trust).toEqual({ kind: 'authorities', pem: own.cert });
    expect(environmentTls(env, 'any-server').trust).toEqual({ kind: 'system-and', pem: `${own.cert}\n` });
    const extra = { ...env, NODE_EXTRA_CA_CERTS: file('extra.pem', other.cert) };
    expect(environmentTls(extra, 'any-server').trust).toEqual({
      kind: 'system-and',
      pem: `${own.cert}\n${other.cert}`,
    });
    expect(environmentTls({ NODE_EXTRA_CA_CERTS: extra.NODE_EXTRA_CA_CERTS }, 'any-server').trust.kind).toBe('system');
    expect(environmentTls({}, 'any-server')).toEqual({ trust: { kind: 'system' }, clientCertificate: null });
  });

  it('is refused as credentials are', () => {
    expect(() => environmentTls({ OS_CACERT: join(root, 'none') }, 'any-server')).toThrow(RetypeError);
  });
});
