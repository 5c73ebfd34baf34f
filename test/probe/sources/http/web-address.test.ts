import { describe, expect, it } from 'vitest';

import { SourceFailure } from '../../../../src/probe/reading/source.ts';
import {
  isWebAddress,
  parseWebAddress,
  redirectTarget,
  shownName,
} from '../../../../src/probe/sources/http/web-address.ts';

describe('a web address', () => {
  it('is sent without user and fragment, shown without the query, and its user becomes a header', () => {
    const { url, label, basic } = parseWebAddress('https://me:p%40ss@host:8443/a?sign=geheim#part');
    expect(url.href).toBe('https://host:8443/a?sign=geheim');
    expect(label).toBe('https://host:8443/a');
    expect(basic).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
    expect(parseWebAddress('http://host').basic).toBeNull();
    // A stray percent sign is part of the password.
    expect(parseWebAddress('http://me:50%@host').basic).toBe(`Basic ${Buffer.from('me:50%').toString('base64')}`);
  });

  it.each(['ftp://host/x', 'file:///etc/passwd', '/etc/passwd', 'http://', 'user:geheim@host', ''])(
    '%s is none, and is not repeated',
    (text) => {
      expect(isWebAddress(text)).toBe(false);
      expect(() => parseWebAddress(text)).toThrow(new SourceFailure('not an http or https address'));
    },
  );
});

describe('the target of a redirect', () => {
  const from = new URL('https://host/a/b');

  it('is absolute or relative, without user and password', () => {
    expect(String(redirectTarget(from, '../c?x=1'))).toBe('https://host/c?x=1');
    expect(String(redirectTarget(from, '//other/c'))).toBe('https://other/c');
    expect(String(redirectTarget(from, 'https://evil:pass@other/c#d'))).toBe('https://other/c');
    expect(String(redirectTarget(new URL('http://host/'), 'https://host/'))).toBe('https://host/');
  });

  it('is refused by its scheme', () => {
    expect(redirectTarget(from, 'http://host/')).toBe('a redirect from https to http');
    for (const location of ['file:///etc/passwd', 'data:,x', 'https://', 'http://[']) {
      expect(redirectTarget(from, location)).toBe('a redirect that leads to no http or https address');
    }
  });
});

describe('a name as it is shown', () => {
  it.each([
    ['http://u:geheim@host/x?sig=geheim#geheim', 'http://host/x'],
    ['s3://key:ge/heim@host/bucket', 's3://host/bucket'],
    ['http://u:geheim@host:99999/x?sig=geheim', 'http://host:99999/x'],
    ['/srv/images/a@b?c', '/srv/images/a@b?c'],
    ['plain', 'plain'],
  ])('%s is %s', (name, shown) => {
    expect(shownName(name)).toBe(shown);
  });
});
