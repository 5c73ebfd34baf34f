import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Authority } from './authority.ts';
import { type Agents, discard, exchange, type Exchange, type Connections } from './exchange.ts';
import { passingStatus, type RetryPolicy } from './retry.ts';
import { redirectGuard } from './redirect-address.ts';
import { TransferFailure } from './transfer-failure.ts';
import { redirectTarget } from './web-address.ts';

/** Which certificates are believed. `unchecked` only ever on the operator's explicit word. */
export type Trust =
  | { readonly kind: 'system' }
  /** These authorities in place of the built-in ones, as OS_CACERT means it. */
  | { readonly kind: 'authorities'; readonly pem: string }
  | { readonly kind: 'unchecked' };

/** Connections and manners, shared by all requests to an endpoint. */
export interface Wire extends Connections {
  readonly retry: RetryPolicy;
}

export function createAgents(trust: Trust): Agents {
  // Stated each time: NODE_TLS_REJECT_UNAUTHORIZED must not switch checking off behind the operator's back.
  const rejectUnauthorized = trust.kind !== 'unchecked';
  const ca = trust.kind === 'authorities' ? { ca: trust.pem } : {};
  return {
    http: new HttpAgent({ keepAlive: true }),
    https: new HttpsAgent({ keepAlive: true, rejectUnauthorized, ...ca }),
  };
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 5;

interface Wanted {
  readonly url: URL;
  readonly authority: Authority;
  /** Value of the Range header, or null for the whole. */
  readonly range: string | null;
  /** Statuses that are the caller's even though they may pass. */
  readonly answers: ReadonlySet<number>;
  /** Called before every request that is sent. @throws TransferFailure where none is to be sent there. */
  readonly before: (url: URL) => void;
}

/**
 * One GET with redirects followed and the credential renewed once on 401. Statuses that may pass are thrown for `withRetries`; all
 * others are the caller's.
 *
 * @throws TransferFailure
 */
export async function fetchOnce(wanted: Wanted, wire: Wire): Promise<Exchange> {
  let credential = await wanted.authority.headers();
  const first = await follow(wanted, credential, wire);
  if (!(first.refusedCredential && (await renewed(wanted.authority, credential, first.answer)))) return first.answer;
  credential = await wanted.authority.headers();
  return (await follow(wanted, credential, wire)).answer;
}

async function renewed(
  authority: Authority,
  sent: Readonly<Record<string, string>>,
  answer: Exchange,
): Promise<boolean> {
  try {
    if (!(await authority.renew(sent))) return false;
  } catch (error) {
    answer.destroy();
    throw error;
  }
  await discard(answer);
  return true;
}

async function follow(
  wanted: Wanted,
  credential: Readonly<Record<string, string>>,
  wire: Wire,
): Promise<{ readonly answer: Exchange; readonly refusedCredential: boolean }> {
  const guard = redirectGuard(wanted.url);
  let url = wanted.url;
  let own = true;
  for (let hops = 0; ; hops += 1) {
    const headers: Record<string, string> = {
      // Compressed on the way, offsets would mean nothing.
      'accept-encoding': 'identity',
      'user-agent': 'glance-retype',
      ...(own ? credential : {}),
      ...(wanted.range === null ? {} : { range: wanted.range }),
    };
    wanted.before(url);
    // The first address is the operator's word; redirects are not.
    const guarded = url.origin === wanted.url.origin ? {} : { lookup: guard.lookup };
    const answer = await exchange({ url, headers, body: null, ...guarded }, wire);
    const { location } = answer.headers;
    if (REDIRECTS.has(answer.status) && location !== undefined) {
      await discard(answer);
      if (hops === MOST_REDIRECTS) throw refusal(`more than ${MOST_REDIRECTS} redirects`);
      const target = redirectTarget(url, location);
      if (typeof target === 'string') throw refusal(target);
      if (target.origin !== wanted.url.origin && guard.refuses(target)) {
        throw refusal('a redirect to an address of this link or this machine');
      }
      // Once left, the credential stays behind, even if the way leads back.
      own &&= target.origin === wanted.url.origin;
      url = target;
      continue;
    }
    const passing = passingStatus(answer.status, answer.headers['retry-after'], wire.retry);
    if (passing !== null && !wanted.answers.has(answer.status)) {
      await discard(answer);
      throw passing;
    }
    if (isEncoded(answer.headers)) {
      answer.destroy();
      throw refusal('the server encodes what it sends, although it was asked not to');
    }
    return { answer, refusedCredential: own && answer.status === 401 };
  }
}

/** Whether the body is no image byte for byte; offsets would mean nothing. */
function isEncoded(headers: Exchange['headers']): boolean {
  const content = headers['content-encoding'] ?? 'identity';
  const transfer = headers['transfer-encoding'] ?? 'chunked';
  return !/^(?:identity)?$/iu.test(content.trim()) || !/^(?:chunked|identity)$/iu.test(transfer.trim());
}

function refusal(message: string): TransferFailure {
  return new TransferFailure(message, { kind: 'never' });
}
