import type { ErrorCode } from '../../model/error-codes.ts';
import { RetypeError } from '../../model/error.ts';
import type { ErrorClass } from '../dialect.ts';
import type { Secret } from '../../model/secret.ts';

/** @throws RetypeError SERVER_TOO_OLD where `version` (dotted numbers, anything may follow) is below `least`. */
export function requireVersion(
  product: string,
  version: string,
  least: readonly [number, number],
  label: string,
): void {
  const [major = 0, minor = 0] = (/\d+(?:\.\d+)?/.exec(version)?.[0] ?? '0').split('.').map(Number);
  if (major > least[0] || (major === least[0] && minor >= least[1])) return;
  throw new RetypeError('SERVER_TOO_OLD', {
    place: label,
    expected: `${product} ${least.join('.')} or later`,
    found: `${product} ${version}`,
    advice: 'copy the database to a newer server and work there',
  });
}

interface FailureText {
  readonly code: ErrorCode;
  readonly expected: string;
  readonly advice: string;
}

const UNREACHABLE: FailureText = {
  code: 'DATABASE_UNREACHABLE',
  expected: 'a database server that answers',
  advice: 'check host, port and firewall, and that the server runs',
};

/**
 * A Galera node that lost its quorum or is receiving its data: it accepts logins and answers every statement with error
 * 1047.
 */
const NO_QUORUM: FailureText = {
  code: 'DATABASE_UNREACHABLE',
  expected: 'a Galera node that is part of a primary component',
  advice: 'name another node, or wait until SHOW STATUS says wsrep_ready = ON here',
};

/** PgBouncer with pool_mode = statement: each statement may use another server connection. */
const NO_TRANSACTIONS: FailureText = {
  code: 'POOLER_MODE',
  expected: 'a way to the server on which a transaction stays together',
  advice:
    "name the server's own address in --database-url, or a PgBouncer pool with pool_mode = transaction or session",
};

const LOGIN: FailureText = {
  code: 'DATABASE_LOGIN',
  expected: 'a login that the server accepts',
  advice: 'check user name, password and the hosts that the account may connect from',
};

/** OpenSSL's and Node's messages for a certificate that cannot be verified. */
const UNPROVEN =
  /self-?signed certificate|unable to (?:verify|get) .*certificate|certificate (?:has expired|is not yet valid|revoked)/i;

const CERTIFICATE: FailureText = {
  code: 'DATABASE_CERTIFICATE',
  expected: 'a certificate signed by a known authority',
  advice:
    'give the certificate of its authority (--tls-ca FILE; in the address ssl_ca=FILE, for PostgreSQL sslrootcert=FILE), or encrypt without knowing whom one talks to: ssl_verify_cert=false (sslmode=require)',
};

const OTHER_NAME: FailureText = {
  code: 'DATABASE_CERTIFICATE',
  expected: 'a certificate for the host that the address names',
  advice:
    'name the host as its certificate does, or check the authority alone: ssl_ca=FILE and ssl_check_hostname=false (PostgreSQL: sslmode=verify-ca)',
};

const FAILED: FailureText = {
  code: 'DATABASE_FAILED',
  expected: 'a session that can be set up',
  advice: 'see what the server said',
};

/** By class; `FAILED` for all others. */
const TEXTS: Partial<Readonly<Record<ErrorClass, FailureText>>> = {
  unreachable: UNREACHABLE,
  'connection-lost': UNREACHABLE,
  'login-refused': LOGIN,
  'permission-denied': {
    code: 'MISSING_GRANT',
    expected: 'an account that may use this database',
    advice: 'grant it what docs/privileges.md lists for the command, or name another account',
  },
  'no-such-database': {
    code: 'DATABASE_NOT_FOUND',
    expected: 'a database of that name',
    advice: 'check the name at the end of the address; glance-retype never creates a database',
  },
};

/** Failures that only the server's message identifies. */
const SAID: readonly { readonly words: RegExp; readonly text: FailureText }[] = [
  { words: /WSREP has not yet prepared/i, text: NO_QUORUM },
  { words: /transaction blocks not allowed/i, text: NO_TRANSACTIONS },
  { words: UNPROVEN, text: CERTIFICATE },
  { words: /does not match certificate/i, text: OTHER_NAME },
];

/**
 * Turns a driver's error at connecting into ours. Keeps the driver's text, with the password removed wherever it
 * occurs.
 */
export function openFailure(error: unknown, kind: ErrorClass, label: string, password: Secret | null): RetypeError {
  if (error instanceof RetypeError) return error;
  const found = withoutPassword(driverText(error), password);
  const { code, expected, advice } = SAID.find(({ words }) => words.test(found))?.text ?? TEXTS[kind] ?? FAILED;
  // Not the driver's object itself: it may carry the connection's configuration.
  return new RetypeError(code, { place: label, expected, found, advice }, new Error(found));
}

function driverText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  // Node's message is empty where a name has several addresses and all refuse.
  if (error.message === '') return code ?? error.name;
  return code === undefined || error.message.includes(code) ? error.message : `${code}: ${error.message}`;
}

function withoutPassword(text: string, password: Secret | null): string {
  const secret = password?.reveal() ?? '';
  return secret === '' ? text : text.replaceAll(secret, '***');
}
