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
