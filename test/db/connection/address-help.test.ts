import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

import { hostPath, NO_HELP, tlsFacts, tlsFile } from '../../../src/db/connection/address-help.ts';

it('a path of a container is meant inside its root, if it is there', () => {
  const root = mkdtempSync(join(tmpdir(), 'address-help-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'etc'));
  writeFileSync(join(root, 'etc/my.cnf'), '');
  expect(hostPath('/etc/my.cnf', root)).toBe(`${root}/etc/my.cnf`);
  expect(hostPath('/etc/other.cnf', root)).toBe('/etc/other.cnf');
  expect(hostPath('my.cnf', join(root, 'etc/'))).toBe('my.cnf');
  expect(hostPath('/etc/my.cnf', null)).toBe('/etc/my.cnf');
});

it('a PEM file of an option replaces the one that is named, and stands where none is', () => {
  const help = { ...NO_HELP, tls: { ...NO_HELP.tls, caFile: '/own' } };
  const own = { value: '/own', source: '--tls-ca' };
  expect(tlsFile('caFile', { value: '/at', source: 'here' }, help)).toEqual(own);
  expect(tlsFile('caFile', null, help)).toEqual(own);
  expect(tlsFile('keyFile', { value: '/at', source: 'here' }, help)).toEqual({ value: '/at', source: 'here' });
  expect(tlsFile('keyFile', null, help)).toBeNull();
});

it.each([
  ['off', 'none', 'no'],
  ['prefer', 'none', 'if the server has it; the certificate of the server is not verified'],
  ['require', 'ca', 'yes; the certificate of the server is verified, its name is not'],
  ['require', 'identity', 'yes; the certificate of the server and its name are verified'],
] as const)('TLS that is %s with %s is %j', (kind, verify, value) => {
  const none = { caFile: null, certFile: null, keyFile: null };
  expect(tlsFacts(kind === 'off' ? { kind } : { kind, tls: { verify, ...none } }, 'here', none)).toEqual([
    { name: 'TLS', value, source: 'here' },
  ]);
});
