import { SourceFailure } from '../../reading/source.ts';
import { REFUSED_ADDRESS } from './redirect-address.ts';

/** When the same request may be sent again. */
export type Again =
  | { readonly kind: 'never' }
  | { readonly kind: 'after-back-off' }
  /** The server named the wait (Retry-After). */
  | { readonly kind: 'after'; readonly waitMs: number };

/** `overload`: the server asked for patience, or did not answer in time. */
type Sign = 'overload' | 'fault';

/** A request failed. `message` is safe to print, and there is no cause: node's errors name addresses. */
export class TransferFailure extends SourceFailure {
  readonly again: Again;
  readonly sign: Sign;

  constructor(message: string, again: Again, status: number | null = null, sign: Sign = 'fault') {
    super(message, { status });
    this.again = again;
    this.sign = sign;
  }
}

/** Waiting was given up. */
export function timedOut(message: string): TransferFailure {
  return new TransferFailure(message, { kind: 'never' }, null, 'overload');
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was reset',
  ERR_STREAM_PREMATURE_CLOSE: 'the connection was closed before the answer was complete',
  ETIMEDOUT: 'the network did not answer',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the name server did not answer',
  [REFUSED_ADDRESS]: 'a redirect to a name with an address of this link or this machine',
};

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH/;
const PASSING: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ETIMEDOUT',
  'EAI_AGAIN',
]);

/** What node:http, node:net or node:tls threw, by its code alone. */
export function transferFailure(error: unknown): TransferFailure {
  if (error instanceof TransferFailure) return error;
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  const word = typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : 'UNKNOWN';
  const again: Again = { kind: PASSING.has(word) ? 'after-back-off' : 'never' };
  if (CERTIFICATE.test(word)) {
    return new TransferFailure(`the certificate is not trusted (${word}); OS_CACERT names the authority`, again);
  }
  const sign = word === 'ETIMEDOUT' ? 'overload' : 'fault';
  return new TransferFailure(REASONS[word] ?? `the connection failed (${word})`, again, null, sign);
}
