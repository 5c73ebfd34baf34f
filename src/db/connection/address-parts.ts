import { Secret } from '../../model/secret.ts';
import type { ServerAddress } from './spec.ts';

/** Notes one problem: what was expected, what was found (never a piece of the address), what to do. */
export type Report = (expected: string, found: string, advice: string) => void;

/** A host as the address names it: either part may be missing. */
export type NamedHost = { readonly [part in keyof ServerAddress]: ServerAddress[part] | null };

/** The parts of a server's address, decoded. */
export interface AddressParts {
  readonly user: string | null;
  readonly password: Secret | null;
  /** In the order written; empty where the address names none. */
  readonly hosts: readonly NamedHost[];
  readonly database: string | null;
  /** Query arguments by lower-case name, decoded; the last of equal names wins. */
  readonly query: ReadonlyMap<string, string>;
}

/*
 * SQLAlchemy's grammar (sqlalchemy/engine/url.py, _parse_url), not WHATWG's: a password there may hold / : ? and #
 * unencoded, and operators paste their connection strings from glance-api.conf.
 */
const ADDRESS = /^\/\/(?:([^:/]*)(?::([^@]*))?@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s;

/** One host of a list as libpq has it, `HOST:PORT,[IPV6]:PORT`; SQLAlchemy knows none. */
const HOST = /^(?:\[([^[\]]+)\]|([^:[\]]*))(?::(.*))?$/s;

/** Splits what follows `scheme:`; what cannot be read is reported and left out. */
export function splitServerAddress(rest: string, report: Report): AddressParts {
  const match = ADDRESS.exec(rest);
  if (match === null) {
    report(
      '//USER:PASSWORD@HOST:PORT/DATABASE after the scheme',
      'something else',
      'percent-encode reserved characters in the password (@ is %40, / is %2F, : is %3A, % is %25)',
    );
    return { user: null, password: null, hosts: [], database: null, query: new Map() };
  }
  const [, user, password, hosts = '', database, query] = match;
  if (hosts.includes('@') || database?.includes('@') === true) {
    report('one @, between password and host', 'more than one', 'write @ inside a user name or password as %40');
  }
  const secret = decode(password, 'password', report);
  return {
    user: nonEmpty(decode(user, 'user name', report)),
    password: secret === null ? null : new Secret(secret),
    hosts: readHosts(hosts, report),
    database: nonEmpty(decode(database, 'database name', report)),
    query: readQuery(query ?? '', report),
  };
}

/** Reports arguments that change the account or server: ignoring one would connect to the wrong place. */
export function refuseArguments(
  { query }: AddressParts,
  names: readonly string[],
  advice: string,
  report: Report,
): void {
  for (const name of names)
    if (query.has(name)) report('an address that is complete in itself', `the argument ${name}`, advice);
}

function nonEmpty(text: string | null): string | null {
  return text === '' ? null : text;
}

function decode(text: string | undefined, part: string, report: Report): string | null {
  if (text === undefined) return null;
  // SQLAlchemy leaves a % that starts no escape alone; so do passwords that work there work here.
  const strict = text.replaceAll(/%(?![0-9A-Fa-f]{2})/g, '%25');
  try {
    return decodeURIComponent(strict);
  } catch {
    report(`a ${part} whose percent escapes are UTF-8`, 'escapes that are not', 'write % itself as %25');
    return null;
  }
}

function readHosts(text: string, report: Report): readonly NamedHost[] {
  if (text === '') return [];
  const items = text.split(',');
  return items.map((item) => {
    const match = HOST.exec(item);
    const host = match?.[1] ?? nonEmpty(match?.[2] ?? null);
    if (match === null || (host === null && items.length > 1)) {
      report('HOST, HOST:PORT or a list of them with commas between', 'something else', 'write IPv6 as [ADDRESS]');
    }
    return { host, port: readPort(match?.[3], report) };
  });
}

function readPort(text: string | undefined, report: Report): number | null {
  if (text === undefined || text === '') return null;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  report(
    'a port from 1 to 65535',
    'something else between the host and the database',
    'percent-encode reserved characters in the password (@ is %40, / is %2F, : is %3A)',
  );
  return null;
}

function readQuery(text: string, report: Report): ReadonlyMap<string, string> {
  const query = new Map<string, string>();
  for (const argument of text.split('&')) {
    if (argument === '') continue;
    const [name = '', ...value] = argument.split('=');
    const decoded = decode(value.join('=').replaceAll('+', ' '), 'query argument', report);
    if (decoded !== null) query.set(name.toLowerCase(), decoded);
  }
  return query;
}
