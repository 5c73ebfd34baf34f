import { describe, expect, it } from 'vitest';
import { NO_HELP } from '../../../src/db/connection/address-help.ts';
import { splitServerAddress } from '../../../src/db/connection/address-parts.ts';
import { postgresSpec } from '../../../src/db/connection/postgres-address.ts';

function spec(rest: string) {
  const problems: string[] = [];
  const report = (_: string, found: string): void => void problems.push(found);
  return { ...postgresSpec(splitServerAddress(rest, report), { place: 'here', help: NO_HELP }, report).spec, problems };
}

const files = { caFile: null, certFile: null, keyFile: null };

describe('postgresSpec', () => {
  it('takes host, port, user and database from the query where the address leaves them out', () => {
    expect(spec('//?host=db&port=6432&user=u&dbname=g')).toMatchObject({
      host: 'db',
      port: 6432,
      user: 'u',
      database: 'g',
      problems: [],
    });
    expect(spec('///g')).toMatchObject({ host: 'localhost', port: 5432, socketPath: null });
  });

  it('takes a directory for a socket, which has no TLS', () => {
    expect(spec('//?host=/run/postgresql&dbname=g&sslmode=require')).toMatchObject({
      socketPath: '/run/postgresql',
      tls: { kind: 'off' },
    });
  });

  it('refuses a list of hosts, a bad port and unknown words', () => {
    expect(spec('//a,b/g').problems).toEqual(['a list of hosts']);
    expect(spec('//h/g?port=1').port).toBe(1);
    expect(spec('//?host=h&port=0&dbname=g').problems).toEqual(['something else in the argument port']);
    expect(spec('//h/g?sslmode=always').problems).toEqual(['another word']);
    expect(spec('//h/g?service=x').problems).toEqual(['the argument service']);
  });

  it.each([
    ['disable', { kind: 'off' }],
    ['prefer', { kind: 'prefer', tls: { verify: 'none', ...files } }],
    ['require', { kind: 'require', tls: { verify: 'none', ...files } }],
    ['require&sslrootcert=/ca', { kind: 'require', tls: { verify: 'ca', ...files, caFile: '/ca' } }],
    ['verify-ca', { kind: 'require', tls: { verify: 'ca', ...files } }],
    ['verify-full', { kind: 'require', tls: { verify: 'identity', ...files } }],
  ])('reads sslmode=%s', (mode, tls) => {
    expect(spec(`//h/g?sslmode=${mode}`).tls).toEqual(tls);
  });

  it('prefers TLS where nothing is said, as libpq does', () => {
    expect(spec('//h/g').tls.kind).toBe('prefer');
  });
});

describe('with files of the command line', () => {
  const tls = { caFile: '/own', certFile: null, keyFile: '/k' };
  function read(rest: string) {
    const problems: string[] = [];
    const report = (_: string, found: string): void => void problems.push(found);
    const context = { place: 'here', help: { ...NO_HELP, tls } };
    return { ...postgresSpec(splitServerAddress(rest, report), context, report), problems };
  }

  it.each([
    ['', 'require', 'ca'],
    ['sslmode=prefer', 'prefer', 'none'],
    ['sslmode=require', 'require', 'ca'],
    ['sslmode=verify-full&sslrootcert=/at', 'require', 'identity'],
  ])('%j is TLS that is %s, with %s', (query, kind, verify) => {
    expect(read(`//h/g?${query}`).spec.tls).toEqual({ kind, tls: { ...tls, verify } });
  });

  it('TLS that the address forbids is not turned on, and not left off either', () => {
    expect(read('//h/g?sslmode=disable').problems).toEqual(['sslmode=disable, or a Unix socket']);
    expect(read('//?host=/run&dbname=g').problems).toEqual(['sslmode=disable, or a Unix socket']);
  });

  it('says where each value is set', () => {
    expect(read('//u:p@h/g?sslmode=verify-ca&sslcert=/c').facts).toEqual([
      { name: 'engine', value: 'PostgreSQL', source: 'here' },
      { name: 'host', value: 'h', source: 'here' },
      { name: 'port', value: '5432', source: 'default' },
      { name: 'user', value: 'u', source: 'here' },
      { name: 'password', value: '***', source: 'here' },
      { name: 'database', value: 'g', source: 'here' },
      { name: 'TLS', value: 'yes; the certificate of the server is verified, its name is not', source: 'here' },
      { name: 'TLS authority', value: '/own (not found here; --tls-ca names a copy)', source: '--tls-ca' },
      { name: 'TLS certificate', value: '/c (not found here; --tls-cert names a copy)', source: 'here' },
      { name: 'TLS key', value: '/k (not found here; --tls-key names a copy)', source: '--tls-key' },
    ]);
  });
});
