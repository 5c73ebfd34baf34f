import { lookup as lookUp } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * Addresses that no redirect leads to: those of this link (RFC 3927, RFC 4291), where clouds keep their metadata
 * services, of no host and of many. Forms of IPv6 that carry such an IPv4 address are meant as well: mapped ones (by
 * BlockList itself), NAT64 (RFC 6052), 6to4.
 */
const NEVER = blockList(
  ['169.254.0.0', 16],
  ['0.0.0.0', 8],
  ['224.0.0.0', 3],
  ['fe80::', 10],
  ['ff00::', 8],
  ['::', 128],
  ['64:ff9b::a9fe:0', 112],
  ['2002:a9fe::', 32],
  // The metadata service of EC2.
  ['fd00:ec2::254', 128],
);

/** This machine: only a server that runs on it may lead to another one here. */
const LOOPBACK = blockList(['127.0.0.0', 8], ['::1', 128]);

export const REFUSED_ADDRESS = 'ERR_REFUSED_ADDRESS';

/** Where redirects may lead that a server at `from` begins. */
export interface RedirectGuard {
  /** Whether the host of a URL is an address that is refused as it stands. */
  readonly refuses: (url: URL) => boolean;
  /**
   * Resolves a name for the connection itself, so that no other answer can follow the check; fails with
   * `REFUSED_ADDRESS`.
   */
  readonly lookup: LookupFunction;
}

export function redirectGuard(from: URL): RedirectGuard {
  const isOwn = isLoopbackHost(hostOf(from));
  const isRefused = (address: string): boolean => has(NEVER, address) || (!isOwn && has(LOOPBACK, address));
  return {
    refuses: (url) => isRefused(hostOf(url)),
    lookup: (hostname, options, callback) => {
      lookUp(hostname, { ...options, all: true }, (error, addresses) => {
        const [first] = addresses ?? [];
        if (error !== null) callback(error, '');
        else if (first === undefined || addresses.some(({ address }) => isRefused(address))) {
          callback(Object.assign(new Error(REFUSED_ADDRESS), { code: REFUSED_ADDRESS }), '');
        } else if (options.all === true) callback(null, addresses);
        else callback(null, first.address, first.family);
      });
    },
  };
}

function isLoopbackHost(host: string): boolean {
  return /^(?:.+\.)?localhost\.?$/u.test(host) || has(LOOPBACK, host);
}

/** As node:net takes it: IPv6 without brackets. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/gu, '');
}

function has(list: BlockList, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

function blockList(...networks: readonly (readonly [address: string, prefix: number])[]): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of networks) list.addSubnet(address, prefix, isIP(address) === 4 ? 'ipv4' : 'ipv6');
  return list;
}
