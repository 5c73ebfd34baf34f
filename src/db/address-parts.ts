import { Secret } from '../model/secret.ts';

/** Notes one problem: what was expected, what was found (never a piece of the address), what to do. */
export type Report = (expected: string, found: string, advice: string) => void;

/** The parts of a server's address, decoded. */
export interface AddressParts {
  readonly user: string | null;
  readonly password: Secret | null;
  /** null where the address names none. */
  readonly host: string | null;
  readonly port: number | null;
  readonly database: string | null;
  /** Query arguments by lower-case name, decoded; the last of equal names wins. */
  readonly query: ReadonlyMap<string, string>;
}

/*
 * SQLAlchemy's grammar (sqlalchemy/engine/url.py, _parse_url), not WHATWG's: a password there may hold / : ? and #
 * unencoded, and operators paste their connection strings from glance-api.conf.
 */
const ADDRESS =
  /^\/\/(?:([^:/]*)(?::([^@]*))?@)?(?:(?:\[([^/?]+)\]|([^/:?]+))?(?::([^/?]*))?)?(?:\/([^?]*))?(?:\?(.*))?$/s;

/** Splits what follows `scheme:`; what cannot be read is reported and left out. */
export function splitServerAddress(rest: string, report: Report): AddressParts {
  const match = ADDRESS.exec(rest);
  if (match === null) {
    report(
      '//USER:PASSWORD@HOST:PORT/DATABASE after the scheme',
      'something else',
      'percent-encode reserved characters in the password (@ is %40, / is %2F, : is %3A, % is %25)',
    );
    return { user: null, password: null, host: null, port: null, database: null, query: new Map() };
  }
  const [, user, password, ipv6, name, port, database, query] = match;
  const host = ipv6 ?? name ?? null;
  if (host?.includes('@') === true || database?.includes('@') === true) {
    report('one @, between password and host', 'more than one', 'write @ inside a user name or password as %40');
  } else if (host?.includes(',') === true) {
    report('one host', 'a list of hosts', 'name the one server to work on');
  }
  const secret = decode(password, 'password', report);
  return {
    user: nonEmpty(decode(user, 'user name', report)),
    password: secret === null ? null : new Secret(secret),
    host,
    port: readPort(port, report),
    database: nonEmpty(decode(database, 'database name', report)),
    query: readQuery(query ?? '', report),
  };
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
