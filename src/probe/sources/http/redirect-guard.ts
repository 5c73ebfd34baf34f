import { lookup as lookUp } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

import { hostOf, isAmong } from './web-address.ts';

/**
 * Addresses that no redirect may lead to: link-local ones (RFC 3927, RFC 4291), where clouds keep their metadata
 * services, and the unspecified, multicast and reserved ones. IPv6 forms that carry such an IPv4 address count as well:
 * NAT64 (RFC 6052), 6to4, and mapped addresses, which BlockList itself recognises.
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

/** This machine. Only a server that runs on it may redirect to another one on it. */
const LOOPBACK = blockList(['127.0.0.0', 8], ['::1', 128]);

export const REFUSED_ADDRESS = 'ERR_REFUSED_ADDRESS';

/** Decides where redirects may lead. There are two guards. */
export interface RedirectGuard {
  readonly name: 'from elsewhere' | 'from loopback';
  /** Whether the host of a URL is a literal address that is refused. */
  readonly refuses: (url: URL) => boolean;
  /**
   * Resolves a name for the connection itself, so that the address checked is the address used. It fails with
   * `REFUSED_ADDRESS` if one of the addresses is refused.
   */
  readonly lookup: LookupFunction;
}

const FROM_ELSEWHERE = createGuard(
  'from elsewhere',
  (address) => isAmong(NEVER, address) || isAmong(LOOPBACK, address),
);
const FROM_LOOPBACK = createGuard('from loopback', (address) => isAmong(NEVER, address));

/** The guard for redirects that a server at `from` begins. */
export function redirectGuard(from: URL): RedirectGuard {
  const host = hostOf(from);
  const isLoopback = /^(?:.+\.)?localhost\.?$/u.test(host) || isAmong(LOOPBACK, host);
  return isLoopback ? FROM_LOOPBACK : FROM_ELSEWHERE;
}

function createGuard(name: RedirectGuard['name'], isRefused: (address: string) => boolean): RedirectGuard {
  return {
    name,
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

function blockList(...networks: readonly (readonly [address: string, prefix: number])[]): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of networks) list.addSubnet(address, prefix, isIP(address) === 4 ? 'ipv4' : 'ipv6');
  return list;
}
