import { setTimeout as wait } from 'node:timers/promises';
import { type Again, TransferFailure } from './transfer-failure.ts';

export interface RetryPolicy {
  /** In total, at least 1. */
  readonly attempts: number;
  readonly shortestWaitMs: number;
  readonly longestWaitMs: number;
  /** If the server asks for a longer wait than this, the request fails. */
  readonly longestAskedMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 4,
  shortestWaitMs: 200,
  longestWaitMs: 5000,
  longestAskedMs: 30_000,
};

/** Statuses that may pass; 429, 503 and 504 mean too many requests (RFC 6585 section 4, RFC 9110 section 15.6). */
const PASSING: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
const OVERLOAD: ReadonlySet<number> = new Set([429, 503, 504]);

/** Repeats `work` while it throws a TransferFailure that may pass. `end` ends the wait. @throws the last failure. */
export async function withRetries<T>(policy: RetryPolicy, end: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TransferFailure) || error.again.kind === 'never') throw error;
      if (attempt >= policy.attempts) {
        throw new TransferFailure(`${error.message} (${attempt} attempts)`);
      }
      // Full jitter, so that readers that failed together do not try again together.
      const bound = Math.min(policy.longestWaitMs, policy.shortestWaitMs * 2 ** attempt);
      const backOffMs = policy.shortestWaitMs + Math.random() * Math.max(0, bound - policy.shortestWaitMs);
      const waitMs = error.again.kind === 'after' ? error.again.waitMs : backOffMs;
      // After `end`, the next attempt fails at once.
      await wait(waitMs, undefined, { signal: end }).catch(() => undefined);
    }
  }
}

/** The failure of a status that may pass, else null. `retryAfter` is the header of that name. */
export function passingStatus(
  status: number,
  retryAfter: string | undefined,
  policy: RetryPolicy,
): TransferFailure | null {
  if (!PASSING.has(status)) return null;
  const again = askedWait(retryAfter, policy);
  const wait = again.kind === 'never' ? ' and asks for a longer wait than is given' : '';
  const sign = OVERLOAD.has(status) ? 'overload' : 'fault';
  return new TransferFailure(`the server answered ${status}${wait}`, { again, sign });
}

/** Retry-After is a number of seconds or a date (RFC 9110 section 10.2.3). */
function askedWait(header: string | undefined, policy: RetryPolicy): Again {
  if (header === undefined) return { kind: 'after-back-off' };
  const seconds = /^\d{1,9}$/.test(header.trim()) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  if (Number.isNaN(seconds)) return { kind: 'after-back-off' };
  const waitMs = Math.max(0, Math.ceil(seconds * 1000));
  return waitMs > policy.longestAskedMs ? { kind: 'never' } : { kind: 'after', waitMs };
}
