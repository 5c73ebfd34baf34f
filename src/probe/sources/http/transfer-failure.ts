import { SourceFailure } from '../../reading/source.ts';
import { REFUSED_ADDRESS } from './redirect-guard.ts';

/** How long to wait for a server, milliseconds. */
export interface TimeLimits {
  /** Name look-up, TCP and TLS. */
  readonly connectMs: number;
  /** From the request to the last header of the answer. */
  readonly firstByteMs: number;
  /** Between two pieces of a body. */
  readonly idleMs: number;
  /** All work for one image, or one answer of Keystone, with waits and retries. It bounds a server that drips. */
  readonly imageMs: number;
}

/** An image takes one to three requests and half a megabyte, which a line of 10 KB/s brings in a minute. */
export const DEFAULT_LIMITS: TimeLimits = {
  connectMs: 10_000,
  firstByteMs: 30_000,
  idleMs: 20_000,
  imageMs: 60_000,
};

/** When the same request may be sent again. */
export type Again =
  | { readonly kind: 'never' }
  | { readonly kind: 'after-back-off' }
  /** The server named the wait (Retry-After). */
  | { readonly kind: 'after'; readonly waitMs: number };

/** `overload`: the server asked for patience, or did not answer in time. */
type Sign = 'overload' | 'fault';

/** A request failed. `message` is safe to print; there is no cause, because errors of undici name addresses. */
export class TransferFailure extends SourceFailure {
  readonly again: Again;
  readonly sign: Sign;

  constructor(message: string, { again = { kind: 'never' }, sign = 'fault', status = null }: TransferDetails = {}) {
    super(message, { status });
    this.again = again;
    this.sign = sign;
  }
}

interface TransferDetails {
  readonly again?: Again;
  readonly sign?: Sign;
  /** HTTP status of the answer that was a refusal. */
  readonly status?: number | null;
}

/** The time-outs of undici. */
const EXPIRIES: Readonly<Record<string, (limits: TimeLimits) => string>> = {
  UND_ERR_CONNECT_TIMEOUT: ({ connectMs }) => `no connection within ${seconds(connectMs)} s`,
  UND_ERR_HEADERS_TIMEOUT: ({ firstByteMs }) => `no answer within ${seconds(firstByteMs)} s`,
  UND_ERR_BODY_TIMEOUT: ({ idleMs }) => `the answer stood still for ${seconds(idleMs)} s`,
};

/** Seconds with one decimal. */
export function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was reset',
  UND_ERR_SOCKET: 'the connection was closed before the answer was complete',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the connection was closed before the answer was complete',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of the answer are too long',
  ETIMEDOUT: 'the network did not answer',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the name server did not answer',
  [REFUSED_ADDRESS]: 'a redirect to a name with an address of this link or this machine',
};

/** Alerts by which a server asks for a client certificate, or refuses the one it got (RFC 8446 section 6.2). */
const CLIENT_CERTIFICATE = /^ERR_SSL_.*ALERT_(?:.*CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE|ACCESS_DENIED)/;
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH/;
const PASSING = /^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|ETIMEDOUT|EAI_AGAIN)$/;

/** What undici, `node:net` or `node:tls` threw, told by its code alone. */
export function transferFailure(error: unknown, limits: TimeLimits): TransferFailure {
  if (error instanceof TransferFailure) return error;
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  const word = typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : 'UNKNOWN';
  const late = EXPIRIES[word]?.(limits);
  if (late !== undefined) return new TransferFailure(late, { sign: 'overload' });
  // undici gives an upgrade that nobody asked for, and an answer without a request, the code of a closed connection.
  if (word === 'UND_ERR_SOCKET' && /^bad (?:upgrade|response)$/u.test((error as Error).message)) {
    return new TransferFailure('the answer does not belong to the request');
  }
  const again: Again = { kind: PASSING.test(word) ? 'after-back-off' : 'never' };
  if (CLIENT_CERTIFICATE.test(word)) {
    const message = `the server asks for a client certificate that it knows (${word}); OS_CERT and OS_KEY name it`;
    return new TransferFailure(message, { again });
  }
  if (CERTIFICATE.test(word)) {
    return new TransferFailure(`the certificate is not trusted (${word}); OS_CACERT names the authority`, { again });
  }
  const sign = word === 'ETIMEDOUT' ? 'overload' : 'fault';
  return new TransferFailure(REASONS[word] ?? `the connection failed (${word})`, { again, sign });
}

const STATUS_TEXTS: Readonly<Record<number, string>> = {
  204: 'the server has no data',
  401: 'the server wants a login (401)',
  403: 'access is forbidden (403)',
  404: 'not found (404)',
  407: 'a proxy wants a login (407)',
  410: 'gone (410)',
};

/** The meaning of a status, for all services that have no meaning of their own. */
export function statusText(status: number): string {
  return STATUS_TEXTS[status] ?? `the server answered ${status}`;
}
