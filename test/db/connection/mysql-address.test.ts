import { describe, expect, it } from 'vitest';
import { NO_HELP } from '../../../src/db/connection/address-help.ts';
import { splitServerAddress } from '../../../src/db/connection/address-parts.ts';
import { mysqlSpec } from '../../../src/db/connection/mysql-address.ts';

function spec(rest: string) {
  const problems: string[] = [];
  const report = (_: string, found: string): void => void problems.push(found);
  const context = { place: 'here', help: NO_HELP, file: null };
  return { ...mysqlSpec(splitServerAddress(rest, report), context, report).spec, problems };
}

const files = { caFile: null, certFile: null, keyFile: null };

describe('mysqlSpec', () => {
  it('fills in host and port', () => {
    expect(spec('///glance')).toMatchObject({ hosts: [{ host: 'localhost', port: 3306 }], database: 'glance' });
    expect(spec('//a,b:3307/g').hosts).toEqual([
      { host: 'a', port: 3306 },
      { host: 'b', port: 3307 },
    ]);
    expect(spec('//h/g?unix_socket=/run/mysqld.sock').socketPath).toBe('/run/mysqld.sock');
  });

  it('refuses what would lead to another account or server', () => {
    expect(spec('//h/g?named_pipe=x&ssl_capath=y').problems).toEqual([
      'the argument ssl_capath',
      'the argument named_pipe',
    ]);
    expect(spec('//h').problems).toEqual(['none']);
  });

  it.each([
    ['', { kind: 'off' }],
    ['ssl_mode=DISABLED&ssl_ca=/ca', { kind: 'off' }],
    ['ssl=true', { kind: 'require', tls: { verify: 'identity', ...files } }],
    ['ssl_mode=required', { kind: 'require', tls: { verify: 'none', ...files } }],
    ['ssl_ca=/ca', { kind: 'require', tls: { verify: 'ca', ...files, caFile: '/ca' } }],
    ['ssl_ca=/ca&ssl_check_hostname=true', { kind: 'require', tls: { verify: 'identity', ...files, caFile: '/ca' } }],
    ['ssl=1&ssl_verify_cert=false', { kind: 'require', tls: { verify: 'none', ...files } }],
    ['ssl_mode=VERIFY_CA', { kind: 'require', tls: { verify: 'ca', ...files } }],
  ])('reads the TLS arguments %s', (query, tls) => {
    expect(spec(`//h/g?${query}`).tls).toEqual(tls);
  });
});
