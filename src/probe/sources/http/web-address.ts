import { SourceFailure } from '../../reading/source.ts';

/** An http(s) address, taken apart so that what is printed and what is sent cannot be mixed up. */
export interface WebAddress {
  /** Without user, password and fragment; the query stays, because signed addresses need it. */
  readonly url: URL;
  /** Scheme, host, port and path alone. */
  readonly label: string;
  /** Value of an Authorization header for the user and password that stood in the address; null without. */
  readonly basic: string | null;
}

/** @throws SourceFailure for anything but http and https; the text is not repeated, because it may hold a password. */
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
 * Where a redirect leads, or why it is not followed: only http and https, never from https to http (RFC 9110 section 15.4 leaves both
 * to the client). A user and password in it are dropped.
 */
export function redirectTarget(from: URL, location: string): URL | string {
  const url = URL.canParse(location, from.href) ? new URL(location, from.href) : null;
  if (url === null || !isWeb(url)) return 'a redirect that leads to no http or https address';
  if (from.protocol === 'https:' && url.protocol === 'http:') return 'a redirect from https to http';
  return withoutUser(url);
}

/** Safe to print. */
export function labelOf(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/**
 * A name as somebody gave it, safe to print: of an address of any scheme, and of one that is none, without user,
 * password and query.
 */
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
