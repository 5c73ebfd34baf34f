import { describe, expect, it } from 'vitest';
import { type AddressHelp, NO_HELP } from '../../../src/db/connection/address-help.ts';
import { splitServerAddress } from '../../../src/db/connection/address-parts.ts';
import { mysqlSpec, optionFileOf } from '../../../src/db/connection/mysql-address.ts';
import { parseOptionFile } from '../../../src/db/connection/option-file.ts';

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

describe('an option file', () => {
  function read(rest: string, text: string, help: Partial<AddressHelp> = {}, group = 'client') {
    const problems: string[] = [];
    const report = (_: string, found: string): void => void problems.push(found);
    const file = { content: parseOptionFile(text, 'my.cnf'), group };
    const context = { place: 'here', help: { ...NO_HELP, ...help }, file };
    return { ...mysqlSpec(splitServerAddress(rest, report), context, report), problems };
  }

  it('supplies what the address leaves out, and nothing else', () => {
    const text = '[client]\nuser=f\npassword=fp\nhost=fh\nport=3307\ndatabase=fd\n';
    const whole = read('//', text).spec;
    expect(whole).toMatchObject({ user: 'f', hosts: [{ host: 'fh', port: 3307 }], database: 'fd' });
    expect(whole.password?.reveal()).toBe('fp');
    const named = read('//a:ap@ah:3309/ad', text).spec;
    expect(named).toMatchObject({ user: 'a', hosts: [{ host: 'ah', port: 3309 }], database: 'ad' });
    expect(named.password?.reveal()).toBe('ap');
    expect(read('//a:ap@ah/ad', text).spec.hosts).toEqual([{ host: 'ah', port: 3307 }]);
  });

  it('leads to a socket even if the address names a host, as with PyMySQL', () => {
    expect(read('//h/g', '[client]\nsocket=/run/s').spec.socketPath).toBe('/run/s');
  });

  it('says where each value is set, shows no password, and names what is not used', () => {
    const text = '[tripleo]\nssl=1\nbind-address=10.0.0.1\npassword=hunter2\n!includedir /etc/my.cnf.d\n';
    const { facts } = read('//u@h/g', text, {}, 'tripleo');
    expect(facts).toEqual([
      { name: 'engine', value: 'MySQL or MariaDB', source: 'here' },
      { name: 'host', value: 'h', source: 'here' },
      { name: 'port', value: '3306', source: 'default' },
      { name: 'user', value: 'u', source: 'here' },
      { name: 'password', value: '***', source: 'my.cnf:4 [tripleo] password' },
      { name: 'database', value: 'g', source: 'here' },
      { name: 'TLS', value: 'no', source: 'here' },
      { name: 'not used', value: 'ssl', source: 'my.cnf:2 [tripleo] ssl' },
      { name: 'not used', value: 'bind-address', source: 'my.cnf:3 [tripleo] bind-address' },
      { name: 'not used', value: '!include (PyMySQL does not follow it)', source: 'my.cnf:5' },
    ]);
    expect(read('//u@h/g', text).facts.at(-1)).toEqual({
      name: 'not used',
      value: 'the file has no group [client]',
      source: 'my.cnf',
    });
  });

  it('refuses a port that is none and a directory of authorities', () => {
    expect(read('//h/g', '[client]\nport=many\nssl-capath=/d').problems).toEqual([
      'something else in my.cnf:2 [client] port',
      'ssl-capath in the option file',
    ]);
    const tls = { caFile: '/ca', certFile: null, keyFile: null };
    expect(read('//h/g', '[client]\nssl-capath=/d', { tls }).problems).toEqual([]);
  });

  const CA = { caFile: '/own', certFile: null, keyFile: null };
  it.each([
    ['//h/g', '[client]\nssl-ca=/in', {}, { verify: 'identity', caFile: '/in' }],
    ['//h/g', '[client]\nssl-ca=/in', { tls: CA }, { verify: 'identity', caFile: '/own' }],
    ['//h/g?ssl_ca=/at', '[client]\nssl-ca=/in', {}, { verify: 'ca', caFile: '/at' }],
    ['//h/g?ssl_ca=/at', '[client]', { tls: CA }, { verify: 'ca', caFile: '/own' }],
    ['//h/g', '[client]', { tls: CA }, { verify: 'ca', caFile: '/own' }],
    ['//h/g?ssl_mode=REQUIRED', '[client]\nssl-ca=/in', {}, { verify: 'identity', caFile: '/in' }],
    ['//h/g', '[client]\nssl-cert=/c\nssl-key=/k', {}, { verify: 'identity', certFile: '/c', keyFile: '/k' }],
  ])('%s with %j and %j is TLS with %j', (rest, text, help, tls) => {
    const { spec } = read(rest, text, help);
    expect(spec.tls).toMatchObject({ kind: 'require', tls });
  });

  it.each([
    ['', null],
    ['read_default_file=/a', { path: '/a', group: 'client' }],
    ['read_default_file=/a&read_default_group=g', { path: '/a', group: 'g' }],
    ['read_default_group=g', { path: '/etc/my.cnf', group: 'g' }],
    ['read_default_file=', null],
  ])('of an address with %j is %j', (query, file) => {
    const parts = splitServerAddress(`//h/g?${query}`, () => undefined);
    expect(optionFileOf(parts.query, NO_HELP)).toEqual(file);
    expect(optionFileOf(parts.query, { ...NO_HELP, defaultsFile: '/own' })).toEqual({
      path: '/own',
      group: file?.group ?? 'client',
    });
  });
});
