import { type Connections, discard, exchange, type Exchange } from './exchange.ts';
import { redirectGuard } from './redirect-guard.ts';
import { passingStatus } from './retry.ts';
import { TransferFailure } from './transfer-failure.ts';
import { redirectTarget } from './web-address.ts';

/** Adds the headers that authenticate a request. All sources of an endpoint share one. */
export interface Authenticator {
  /**
   * Headers with the credential. They are sent to the origin of the address alone.
   *
   * @throws SourceFailure when there is none.
   */
  headers(): Promise<Readonly<Record<string, string>>>;
  /**
   * Called when the server answers 401 to `sent`. Returns true if `headers` now gives something else that is worth one
   * more try.
   *
   * @throws SourceFailure when a new credential is refused.
   */
  renew(sent: Readonly<Record<string, string>>): Promise<boolean>;
}

/** Always sends the same headers. */
export function fixedHeaders(headers: Readonly<Record<string, string>>): Authenticator {
  return { headers: () => Promise.resolve(headers), renew: () => Promise.resolve(false) };
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 5;

interface Wanted {
  readonly url: URL;
  readonly authenticator: Authenticator;
  /** Value of the Range header, or null for the whole. */
  readonly range: string | null;
  /** A status that is handed to the caller even though it may pass. */
  readonly answer: number | null;
  /** Called before each request. @throws TransferFailure to prevent it. */
  readonly before: (url: URL) => void;
}

/**
 * Sends one GET, follows redirects, and renews the credential once on 401. Statuses that may pass are thrown for
 * `withRetries`; all others are handed to the caller.
 *
 * undici's redirect and retry interceptors are not used: they know neither the guard, nor the origin that may have the
 * credential, nor the budget of requests, bytes and time that all attempts of an image share.
 *
 * @throws TransferFailure
 */
export async function fetchOnce(wanted: Wanted, connections: Connections): Promise<Exchange> {
  const { authenticator } = wanted;
  const credential = await authenticator.headers();
  const { answer, refusedCredential } = await follow(wanted, credential, connections);
  if (!refusedCredential) return answer;
  const isRenewed = await authenticator.renew(credential).catch((error: unknown) => {
    answer.destroy();
    throw error;
  });
  if (!isRenewed) return answer;
  await discard(answer);
  return (await follow(wanted, await authenticator.headers(), connections)).answer;
}

async function follow(
  wanted: Wanted,
  credential: Readonly<Record<string, string>>,
  connections: Connections,
): Promise<{ readonly answer: Exchange; readonly refusedCredential: boolean }> {
  const guard = redirectGuard(wanted.url);
  let url = wanted.url;
  let isOwn = true;
  for (let hops = 0; ; hops += 1) {
    const headers = { ...(isOwn ? credential : {}), ...(wanted.range === null ? {} : { range: wanted.range }) };
    wanted.before(url);
    // The operator named the first address. Nobody vouches for those of redirects.
    const guarded = url.origin === wanted.url.origin ? null : guard;
    const answer = await exchange({ url, headers, body: null, guard: guarded }, connections);
    const { location } = answer.headers;
    if (REDIRECTS.has(answer.status) && location !== undefined) {
      await discard(answer);
      if (hops === MOST_REDIRECTS) throw new TransferFailure(`more than ${MOST_REDIRECTS} redirects`);
      const target = redirectTarget(url, location);
      if (typeof target === 'string') throw new TransferFailure(target);
      if (target.origin !== wanted.url.origin && guard.refuses(target)) {
        throw new TransferFailure('a redirect to an address of this link or this machine');
      }
      // After a redirect to another origin the credential is not sent again, even if a later redirect leads back.
      isOwn &&= target.origin === wanted.url.origin;
      url = target;
      continue;
    }
    const passing = passingStatus(answer.status, answer.headers['retry-after'], connections.retry);
    if (passing !== null && answer.status !== wanted.answer) {
      await discard(answer);
      throw passing;
    }
    if (isEncoded(answer.headers)) {
      answer.destroy();
      throw new TransferFailure('the server encodes what it sends, although it was asked not to');
    }
    return { answer, refusedCredential: isOwn && answer.status === 401 };
  }
}

/** Whether the body differs from the bytes of the image, so that offsets would mean nothing. */
function isEncoded(headers: Exchange['headers']): boolean {
  const content = headers['content-encoding'] ?? 'identity';
  const transfer = headers['transfer-encoding'] ?? 'chunked';
  return !/^(?:identity)?$/iu.test(content.trim()) || !/^(?:chunked|identity)$/iu.test(transfer.trim());
}
