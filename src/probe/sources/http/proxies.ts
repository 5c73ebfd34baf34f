import { BlockList, isIP } from 'node:net';

import { Secret } from '../../../model/secret.ts';
import { TransferFailure } from './transfer-failure.ts';
import { hostOf, isAmong, parseWebAddress } from './web-address.ts';

export interface Proxy {
  /** Without user and password. */
  readonly url: URL;
  /** Value of the Proxy-Authorization header; null without a user. */
  readonly authorization: Secret | null;
}

/**
 * The proxy that requests to a URL go through; null: none.
 *
 * @throws TransferFailure where the variable holds no usable address.
 */
export type Proxies = (url: URL) => Proxy | null;

export const NO_PROXIES: Proxies = () => null;

/**
 * Proxies by the variables that curl and the OpenStack clients use: HTTP_PROXY for http, HTTPS_PROXY for https,
 * NO_PROXY for the exceptions. A lower-case name takes precedence, also with an empty value. ALL_PROXY is not read.
 */
export function environmentProxies(env: Readonly<Record<string, string | undefined>>): Proxies {
  const valueOf = (name: string): string => (env[name] ?? env[name.toUpperCase()] ?? '').trim();
  const isExcepted = exceptions(valueOf('no_proxy'));
  return (url) => {
    const variable = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
    const value = valueOf(variable);
    return value === '' || isExcepted(url) ? null : parseProxy(variable.toUpperCase(), value);
  };
}

function parseProxy(variable: string, value: string): Proxy {
  try {
    // curl and Python's requests take a bare `host:port` for http as well.
    const { url, basic } = parseWebAddress(value.includes('://') ? value : `http://${value}`);
    return { url, authorization: basic === null ? null : new Secret(basic) };
  } catch {
    // The text may hold a password, so it is not repeated.
    throw new TransferFailure(`${variable} holds no http or https address of a proxy`);
  }
}

/**
 * The hosts that NO_PROXY names, separated by commas or blanks: `*`, a name that also stands for the names below it
 * (`example.org`, `.example.org`, `*.example.org`), an address, or a network (`10.0.0.0/8`). A name or an address may
 * end with a port.
 */
function exceptions(text: string): (url: URL) => boolean {
  const entries = text
    .toLowerCase()
    .split(/[\s,]+/u)
    .filter((entry) => entry !== '');
  const networks = new BlockList();
  for (const entry of entries) addNetwork(networks, entry);
  return (url) => {
    const host = hostOf(url).replace(/\.$/u, '');
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
    return isAmong(networks, host) || entries.some((entry) => entry === '*' || names(entry, host, port));
  };
}

function addNetwork(networks: BlockList, entry: string): void {
  const [, address = '', bits = ''] = /^\[?([^\]/]+)\]?\/(\d{1,3})$/u.exec(entry) ?? [];
  const version = isIP(address);
  const prefix = Number(bits);
  if (version === 0 || prefix > (version === 4 ? 32 : 128)) return;
  networks.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
}

function names(entry: string, host: string, port: string): boolean {
  const [, bracketed, plain = '', ownPort] = /^(?:\[([^\]]+)\]|([^:]*))(?::(\d+))?$/u.exec(entry) ?? [];
  // An IPv6 address without brackets has colons and no port.
  const name = isIP(entry) === 6 ? entry : (bracketed ?? plain).replace(/^\*?\./u, '');
  if (name === '' || (ownPort !== undefined && ownPort !== port)) return false;
  return host === name || (isIP(host) === 0 && host.endsWith(`.${name}`));
}
