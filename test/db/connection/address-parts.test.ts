import { describe, expect, it } from 'vitest';
import { splitServerAddress } from '../../../src/db/connection/address-parts.ts';

function split(rest: string) {
  const problems: string[] = [];
  const parts = splitServerAddress(rest, (expected) => problems.push(expected));
  return { ...parts, password: parts.password?.reveal() ?? null, query: [...parts.query], problems };
}

describe('splitServerAddress', () => {
  it('takes every part by itself', () => {
    expect(split('//glance:s3c@db1:3307,[::1]/glance?Charset=utf8&ssl_ca=%2Fca.pem')).toEqual({
      user: 'glance',
      password: 's3c',
      hosts: [
        { host: 'db1', port: 3307 },
        { host: '::1', port: null },
      ],
      database: 'glance',
      query: [
        ['charset', 'utf8'],
        ['ssl_ca', '/ca.pem'],
      ],
      problems: [],
    });
  });

  it('leaves out what the address does not name', () => {
    expect(split('//')).toEqual({ user: null, password: null, hosts: [], database: null, query: [], problems: [] });
  });

  it('leaves a % alone that begins no escape, and reports escapes that are not UTF-8', () => {
    expect(split('//u:50%@h/d')).toMatchObject({ password: '50%', problems: [] });
    expect(split('//u:%ff@h/d').problems).toEqual(['a password whose percent escapes are UTF-8']);
  });

  it('reports a second @, a bad port and an empty host of a list', () => {
    expect(split('//u:p@x@h/d').problems).toEqual(['one @, between password and host']);
    expect(split('//h:0/d').problems).toEqual(['a port from 1 to 65535']);
    expect(split('//h:65536/d').problems).toEqual(['a port from 1 to 65535']);
    expect(split('//h:65535/d')).toMatchObject({ hosts: [{ host: 'h', port: 65_535 }], problems: [] });
    expect(split('//a,:3306/d').problems).toEqual(['HOST, HOST:PORT or a list of them with commas between']);
  });
});
