import { describe, expect, it } from 'vitest';

import { environmentProxies } from '../../../../src/probe/sources/http/proxies.ts';
import { TransferFailure } from '../../../../src/probe/sources/http/transfer-failure.ts';

/** The proxy for an address, as `scheme://host:port` with its login; null without. */
function proxyFor(address: string, env: Record<string, string>): string | null {
  const proxy = environmentProxies(env)(new URL(address));
  return proxy === null ? null : `${proxy.url.origin} ${proxy.authorization?.reveal() ?? '-'}`;
}

describe('the proxy for an address', () => {
  it('is that of its scheme; without a variable there is none', () => {
    const env = { HTTP_PROXY: 'http://one:3128', HTTPS_PROXY: 'https://two' };
    expect(proxyFor('http://a/', env)).toBe('http://one:3128 -');
    expect(proxyFor('https://a/', env)).toBe('https://two -');
    expect(proxyFor('https://a/', { HTTP_PROXY: 'http://one' })).toBeNull();
    expect(proxyFor('http://a/', { ALL_PROXY: 'http://one' })).toBeNull();
    expect(proxyFor('http://a/', {})).toBeNull();
  });

  it('is told by the lower-case name first, also where that is empty', () => {
    expect(proxyFor('http://a/', { HTTP_PROXY: 'http://upper', http_proxy: 'http://lower' })).toBe('http://lower -');
    expect(proxyFor('http://a/', { HTTP_PROXY: 'http://upper', http_proxy: '' })).toBeNull();
    expect(proxyFor('http://a/', { HTTP_PROXY: 'http://p', NO_PROXY: 'a', no_proxy: 'b' })).toBe('http://p -');
  });

  it('has its login decoded, and no scheme means http', () => {
    const basic = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
    expect(proxyFor('http://a/', { http_proxy: 'http://me:p%40ss@proxy:1/' })).toBe(`http://proxy:1 ${basic}`);
    expect(proxyFor('http://a/', { http_proxy: 'me:p%40ss@proxy:1' })).toBe(`http://proxy:1 ${basic}`);
  });

  it.each(['socks5://u:geheim@proxy', 'http://', 'u:geheim@:99999'])('cannot be %s, which is not repeated', (value) => {
    const find = (): unknown => environmentProxies({ HTTPS_PROXY: value })(new URL('https://a/'));
    expect(find).toThrow(new TransferFailure('HTTPS_PROXY holds no http or https address of a proxy'));
    // Nothing is wrong for addresses that do not need it.
    expect(environmentProxies({ HTTPS_PROXY: value })(new URL('http://a/'))).toBeNull();
  });
});

describe('NO_PROXY', () => {
  const isDirect = (address: string, list: string): boolean =>
    proxyFor(address, { http_proxy: 'http://p', https_proxy: 'http://p', no_proxy: list }) === null;

  it.each([
    ['http://glance/', '*'],
    ['http://glance/', 'other, glance'],
    ['http://api.example.org/', 'example.org'],
    ['http://api.example.org/', '.example.org'],
    ['http://api.example.org/', '*.example.org'],
    ['http://EXAMPLE.org./', 'Example.ORG'],
    ['http://example.org:9292/', 'example.org:9292'],
    ['https://example.org/', 'example.org:443'],
    ['http://10.1.2.3:9292/', '10.0.0.0/8'],
    ['http://10.1.2.3/', '10.1.2.3'],
    ['http://[fd00::5]/', 'fd00::/16'],
    ['http://[::1]:80/', '::1'],
    ['http://[::1]:8080/', '[::1]:8080'],
    ['http://[::ffff:10.1.2.3]/', '10.0.0.0/8'],
  ])('%s is asked directly by %s', (address, list) => {
    expect(isDirect(address, list)).toBe(true);
  });

  it.each([
    ['http://glance/', ''],
    ['http://notexample.org/', 'example.org'],
    ['http://example.org.evil/', 'example.org'],
    ['http://example.org:80/', 'example.org:9292'],
    ['http://11.1.2.3/', '10.0.0.0/8'],
    ['http://1.10.1.2/', '10.1.2'],
    ['http://10.1.2.3/', '10.0.0.0/99, 10.0.0.0/x, /8, :80'],
    ['http://[fd01::5]/', 'fd00::/16'],
    ['http://glance/', '**'],
  ])('%s goes through the proxy by %s', (address, list) => {
    expect(isDirect(address, list)).toBe(false);
  });
});
