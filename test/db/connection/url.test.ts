import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { NO_HELP } from '../../../src/db/connection/address-help.ts';
import { holdsPassword, parseDatabaseUrl, readAddress } from '../../../src/db/connection/url.ts';
import { RetypeError } from '../../../src/model/error.ts';

function refusal(text: string): RetypeError {
  try {
    parseDatabaseUrl(text, '--database-url');
  } catch (error) {
    if (error instanceof RetypeError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('parseDatabaseUrl', () => {
  it.each([
    'mysql',
    'mariadb',
    'mysql+pymysql',
    'mysql+mysqldb',
    'mysql+mysqlconnector',
    'mariadb+mariadbconnector',
    'MySQL',
  ])('reads the scheme %s as MySQL', (scheme) => {
    const spec = parseDatabaseUrl(`${scheme}://glance:pw@db:3307/glance?charset=utf8&binary_prefix=true`, 'x');
    expect(spec).toMatchObject({
      kind: 'mysql',
      hosts: [{ host: 'db', port: 3307 }],
      user: 'glance',
      database: 'glance',
      tls: { kind: 'off' },
    });
    expect(spec.kind === 'mysql' && spec.password?.reveal()).toBe('pw');
  });

  it.each(['postgresql', 'postgres', 'postgresql+psycopg2', 'postgresql+asyncpg'])(
    'reads the scheme %s as PostgreSQL',
    (scheme) => {
      expect(parseDatabaseUrl(`${scheme}://glance@db/glance`, 'x')).toMatchObject({
        kind: 'postgres',
        port: 5432,
        password: null,
        tls: { kind: 'prefer' },
      });
    },
  );

  it('decodes user, password and database, each by itself', () => {
    const spec = parseDatabaseUrl('mysql://a%40b:p%40%2F%3A%25%3F%23+%C3%BC@h/d%20b', 'x');
    expect(spec).toMatchObject({ user: 'a@b', database: 'd b' });
    expect(spec.kind === 'mysql' && spec.password?.reveal()).toBe('p@/:%?#+ü');
  });

  it('takes : / ? # and a lone % in a password unencoded, as SQLAlchemy does', () => {
    const spec = parseDatabaseUrl('mysql+pymysql://u:a:b/c?d#e%zz@h/d', 'x');
    expect(spec.kind === 'mysql' && spec.password?.reveal()).toBe('a:b/c?d#e%zz');
  });

  it('reads IPv6 hosts', () => {
    expect(parseDatabaseUrl('mysql://u@[::1]:3307/d', 'x')).toMatchObject({ hosts: [{ host: '::1', port: 3307 }] });
  });

  it('reads the nodes of a cluster in their order, each with a port of its own', () => {
    const url = 'mysql://u:a,b/c@db1:3307,db2,[2001:db8::3]:3309,10.0.0.4/d';
    expect(parseDatabaseUrl(url, 'x')).toMatchObject({
      hosts: [
        { host: 'db1', port: 3307 },
        { host: 'db2', port: 3306 },
        { host: '2001:db8::3', port: 3309 },
        { host: '10.0.0.4', port: 3306 },
      ],
      database: 'd',
    });
    expect(parseDatabaseUrl('mysql:///d', 'x')).toMatchObject({ hosts: [{ host: 'localhost', port: 3306 }] });
  });

  it.each([
    'mysql://u@db1,,db2/d',
    'mysql://u@db1,/d',
    'mysql://u@db1,db2:x/d',
    'mysql://u@db1,::1/d',
    'postgresql://u@db1,db2/d',
  ])('refuses the hosts of %s', (url) => {
    expect(refusal(url).code).toBe('DATABASE_URL');
  });

  it('reads unix sockets', () => {
    expect(parseDatabaseUrl('mysql://u:p@/d?unix_socket=/run/my.sock', 'x')).toMatchObject({
      socketPath: '/run/my.sock',
    });
    expect(parseDatabaseUrl('postgresql:///d?host=/run/postgresql', 'x')).toMatchObject({
      host: '/run/postgresql',
      socketPath: '/run/postgresql',
    });
  });

  it.each([
    [
      'mysql://u@h/d?ssl_ca=/ca.pem&ssl_cert=/c.pem&ssl_key=/k.pem',
      { kind: 'require', tls: { verify: 'ca', caFile: '/ca.pem', certFile: '/c.pem', keyFile: '/k.pem' } },
    ],
    ['mysql://u@h/d?ssl=true', { kind: 'require', tls: { verify: 'identity' } }],
    ['mysql://u@h/d?ssl=true&ssl_check_hostname=false', { kind: 'require', tls: { verify: 'ca' } }],
    ['mysql://u@h/d?ssl=true&ssl_ca=/ca', { kind: 'require', tls: { verify: 'ca' } }],
    ['mysql://u@h/d?ssl=true&ssl_verify_cert=false', { kind: 'require', tls: { verify: 'none' } }],
    ['mysql://u@h/d?ssl_mode=REQUIRED', { kind: 'require', tls: { verify: 'none' } }],
    ['mysql://u@h/d?ssl_mode=VERIFY_IDENTITY&ssl_ca=/ca', { kind: 'require', tls: { verify: 'identity' } }],
    ['mysql://u@h/d?ssl_disabled=true&ssl_ca=/ca', { kind: 'off' }],
    ['postgresql://u@h/d?sslmode=disable', { kind: 'off' }],
    [
      'postgresql://u@h/d?sslmode=verify-full&sslrootcert=/ca',
      { kind: 'require', tls: { verify: 'identity', caFile: '/ca' } },
    ],
    ['postgresql://u@h/d?sslmode=require', { kind: 'require', tls: { verify: 'none' } }],
  ])('reads the TLS arguments of %s', (url, tls) => {
    expect(parseDatabaseUrl(url, 'x')).toMatchObject({ tls });
  });

  it.each([
    ['sqlite:///glance.db', 'glance.db'],
    ['sqlite:////var/lib/glance.db', '/var/lib/glance.db'],
    ['sqlite+pysqlite:////a%20b.db?timeout=5', '/a%20b.db'],
    ['sqlite:/srv/glance.db', '/srv/glance.db'],
    ['sqlite:glance.db', 'glance.db'],
  ])('reads %s as the file %s', (url, path) => {
    expect(parseDatabaseUrl(url, 'x')).toEqual({ kind: 'sqlite', path });
  });

  it.each(['sqlite://', 'sqlite:///', 'sqlite:///:memory:', 'sqlite:///file:x?mode=ro', 'sqlite://x.db'])(
    'refuses %s',
    (url) => {
      expect(refusal(url).code).toBe('DATABASE_URL');
    },
  );

  it('refuses a plain path and says how to write it', () => {
    expect(refusal('/var/lib/glance/glance.sqlite').message).toContain('sqlite:///PATH');
    expect(refusal('').problems[0].found).toBe('nothing');
  });

  it.each([
    'mysql://u:hunter2@h:hunter2/d',
    'mysql://u:hunter2@x@h/d',
    'mysql://u:hunter2@h',
    'mysql://hunter2',
    'mysql:hunter2',
    'oracle://u:hunter2@h/d',
    'hunter2hunter2hunter2hunter2hunter2://h/d',
    'hunter2',
    'postgresql://u:hunter2@h1,h2/d',
    'postgresql://u:hunter2@h/d?sslmode=hunter2&port=hunter2',
    'mysql://u:%FFhunter2@h/d',
    'sqlite://hunter2',
  ])('never repeats a secret, wherever in the address it was put: %s', (url) => {
    const error = refusal(url);
    expect(error.code).toBe('DATABASE_URL');
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
  });

  it('lists every problem', () => {
    expect(refusal('postgresql://u@h:x/?sslmode=maybe&service=s').problems).toHaveLength(4);
  });

  it('gives a spec that prints without the password', () => {
    const spec = parseDatabaseUrl('mysql://u:hunter2@h/d', 'x');
    expect(
      inspect(spec, { depth: 9, showHidden: true }) +
        JSON.stringify(spec) +
        String(spec.kind === 'mysql' && spec.password),
    ).not.toContain('hunter2');
  });
});

it.each([
  ['mysql://g:p@h/g', true],
  ['mysql+pymysql://g:@h/g', false],
  ['mysql://g@h/g', false],
  ['postgresql://g@h/g?password=p', true],
  ['mysql://h/g?user=g&passwd=p', true],
  ['mysql://g@h/g?read_default_file=/my.cnf', false],
  ['sqlite:////a:b@c?password=x', false],
  ['g:p@h', true],
  ['h:3306', false],
  ['', false],
])('whether %s holds a password: %s', (text, held) => {
  expect(holdsPassword(text)).toBe(held);
});

it.each([
  ['mysql://g:p/a:s?s@h/g', 'mysql://g:***@h/g'],
  [' mysql+pymysql://:p@h/g?charset=utf8 ', 'mysql+pymysql://:***@h/g?charset=utf8'],
  ['postgresql://g@h/g?password=p&x=1&passwd=q', 'postgresql://g@h/g?password=***&x=1&passwd=***'],
  ['mysql://h/g', 'mysql://h/g'],
  ['sqlite:////a:b@c', 'sqlite:////a:b@c'],
])('%j is shown as %s', (text, shown) => {
  expect(readAddress(text, 'here', NO_HELP).facts[0]).toEqual({ name: 'address', value: shown, source: 'here' });
});

describe('an option file', () => {
  function file(text: string): string {
    const directory = mkdtempSync(join(tmpdir(), 'url-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    writeFileSync(join(directory, 'my.cnf'), text);
    return join(directory, 'my.cnf');
  }
  const read = (text: string, group: string) =>
    readAddress(`mysql://h/g?read_default_group=${group}`, 'here', { ...NO_HELP, defaultsFile: file(text) });

  it('of an option has the group of the address, or else [client]', () => {
    expect(read('[client]\nuser=c\n[tripleo]\nuser=t\n', 'tripleo').spec).toMatchObject({ user: 't' });
    expect(read('[client]\nuser=c\n', 'tripleo').spec).toMatchObject({ user: 'c' });
    expect(() => read('[mysqld]\nuser=m\n', 'tripleo')).toThrow(/the group \[tripleo\] or \[client\]/u);
    expect(() => read('[mysqld]\nuser=m\n', 'client')).toThrow(
      /at +--defaults-file .*my\.cnf\n.*the group \[client\]\n/u,
    );
    expect(readAddress('mysql://g@h/g', 'here', { ...NO_HELP, defaultsFile: '/dev/null' }).spec).toMatchObject({
      user: 'g',
    });
  });

  it('of an address has that group alone, and may be missing', () => {
    const path = file('[client]\nuser=c\n');
    const url = `mysql://h/g?read_default_file=${path}`;
    expect(readAddress(url, 'here', NO_HELP)).toMatchObject({ spec: { user: 'c' }, files: [path], remarks: [] });
    expect(readAddress(`${url}&read_default_group=tripleo`, 'here', NO_HELP).spec).toMatchObject({ user: null });
    expect(readAddress(`${url}x`, 'here', NO_HELP)).toMatchObject({
      spec: { user: null },
      files: [],
      remarks: [expect.stringContaining(`${path}x`)],
    });
  });

  it('that is a directory, or has a key above its groups, is refused without a word of it', () => {
    expect(() => readAddress(`mysql://h/g?read_default_file=${tmpdir()}`, 'here', NO_HELP)).toThrow(/EISDIR/u);
    const stray = file('password=hunter2\n[client]\n');
    const refused = () => readAddress(`mysql://h/g?read_default_file=${stray}`, 'here', NO_HELP);
    expect(refused).toThrow(`at       ${stray}:1\n  expected a [group]`);
    expect(refused).not.toThrow(/hunter2/u);
  });
});
