import { describe, expect, it } from 'vitest';

import { addressText } from '../../../src/db/connection/address-text.ts';
import type { ConnectionSpec } from '../../../src/db/connection/spec.ts';
import { parseDatabaseUrl } from '../../../src/db/connection/url.ts';
import { Secret } from '../../../src/model/secret.ts';

/** Every part as it is in use; the password is revealed for the comparison. */
function partsOf(spec: ConnectionSpec): unknown {
  return spec.kind === 'sqlite' ? spec : { ...spec, password: spec.password?.reveal() ?? null };
}

const MYSQL: ConnectionSpec = {
  kind: 'mysql',
  hosts: [
    { host: 'db1', port: 3306 },
    { host: '2001:db8::7', port: 3307 },
  ],
  socketPath: null,
  user: 'glance@site',
  password: new Secret('p:/?#[]@!$&\'()*+,;="% ä'),
  database: 'glance/2024 ä',
  tls: { kind: 'off' },
};

const POSTGRES: ConnectionSpec = {
  kind: 'postgres',
  host: 'db1',
  port: 6432,
  socketPath: null,
  user: 'glance',
  password: new Secret('%41+ &='),
  database: 'glance',
  tls: { kind: 'prefer', tls: { verify: 'none', caFile: null, certFile: null, keyFile: null } },
  options: null,
};

const FILES = { caFile: '/etc/ssl/ca one.pem', certFile: '/c+.pem', keyFile: '/k&.pem' };
const NO_FILES = { caFile: null, certFile: null, keyFile: null };

describe('addressText', () => {
  it.each<readonly [string, ConnectionSpec]>([
    ['a relative file', { kind: 'sqlite', path: 'var/glance 100%.sqlite' }],
    ['an absolute file', { kind: 'sqlite', path: '/var/lib/glance.sqlite' }],
    ['a password of reserved characters, two hosts', MYSQL],
    ['a Unix socket', { ...MYSQL, socketPath: '/run/mysqld/mysqld.sock' }],
    ['neither user nor password', { ...MYSQL, user: null, password: null }],
    ['a password without a user', { ...MYSQL, user: null }],
    ['TLS that only encrypts', { ...MYSQL, tls: { kind: 'require', tls: { verify: 'none', ...NO_FILES } } }],
    ['TLS that ignores its authority', { ...MYSQL, tls: { kind: 'require', tls: { verify: 'none', ...FILES } } }],
    ['TLS with an authority', { ...MYSQL, tls: { kind: 'require', tls: { verify: 'ca', ...FILES } } }],
    ['TLS with a name', { ...MYSQL, tls: { kind: 'require', tls: { verify: 'identity', ...FILES } } }],
    ['PostgreSQL as it prefers', POSTGRES],
    ['PostgreSQL without TLS', { ...POSTGRES, tls: { kind: 'off' } }],
    ['PostgreSQL, encrypted', { ...POSTGRES, tls: { kind: 'require', tls: { verify: 'none', ...NO_FILES } } }],
    ['PostgreSQL with an authority', { ...POSTGRES, tls: { kind: 'require', tls: { verify: 'ca', ...FILES } } }],
    ['PostgreSQL with a name', { ...POSTGRES, tls: { kind: 'require', tls: { verify: 'identity', ...FILES } } }],
    ['PostgreSQL with a search path', { ...POSTGRES, options: '-csearch_path=glance_rehearsal' }],
    [
      'PostgreSQL behind a socket',
      { ...POSTGRES, host: '/run/postgresql', socketPath: '/run/postgresql', tls: { kind: 'off' } },
    ],
    ['PostgreSQL by IPv6', { ...POSTGRES, host: '2001:db8::7' }],
  ])('is read back as the same: %s', (_, spec) => {
    expect(partsOf(parseDatabaseUrl(addressText(spec), 'test'))).toEqual(partsOf(spec));
  });
});
