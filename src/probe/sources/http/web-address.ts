import { type BlockList, isIP } from 'node:net';

import { SourceFailure } from '../../reading/source.ts';

/** An http(s) address in parts, so that what is sent is never printed by mistake. */
export interface WebAddress {
  /** Without user, password and fragment. The query is kept, because signed addresses need it. */
  readonly url: URL;
  /** Scheme, host, port and path: safe to print. */
  readonly label: string;
  /** Value of the Authorization header for the user and password of the address; null without them. */
  readonly basic: string | null;
}

/** @throws SourceFailure for anything but http and https. It does not repeat the text, which may hold a password. */
export function parseWebAddress(text: string): WebAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !isWeb(url)) throw new SourceFailure('not an http or https address');
  const { username, password } = url;
  const basic =
    username === '' && password === ''
      ? null
      : `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`, 'utf8').toString('base64')}`;
  const bare = withoutUser(url);
  return { url: bare, label: labelOf(bare), basic };
}

/**
 * The target of a redirect without user and password, or the reason why it is not followed. Only http and https are
 * followed, and never from https to http (RFC 9110 section 15.4 leaves both to the client).
 */
export function redirectTarget(from: URL, location: string): URL | string {
  const url = URL.canParse(location, from.href) ? new URL(location, from.href) : null;
  if (url === null || !isWeb(url)) return 'a redirect that leads to no http or https address';
  if (from.protocol === 'https:' && url.protocol === 'http:') return 'a redirect from https to http';
  return withoutUser(url);
}

/** The host as `node:net` takes it: IPv6 without brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/gu, '');
}

/** Whether a literal address is in one of the networks; false for a name. */
export function isAmong(networks: BlockList, host: string): boolean {
  const version = isIP(host);
  return version !== 0 && networks.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

/** The part of an address that is safe to print. */
export function labelOf(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** The part of a given name that is safe to print: an address of any scheme loses its user, password and query. */
export function shownName(text: string): string {
  if (isWebAddress(text)) return labelOf(new URL(text));
  return /^[a-z][a-z0-9+.-]*:\/\//iu.test(text) ? text.replace(/\/\/.*@/su, '//').replace(/[?#].*$/su, '') : text;
}

export function isWebAddress(text: string): boolean {
  return URL.canParse(text) && isWeb(new URL(text));
}

function isWeb(url: URL): boolean {
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '';
}

function withoutUser(url: URL): URL {
  const bare = new URL(url.href);
  bare.username = '';
  bare.password = '';
  bare.hash = '';
  return bare;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
