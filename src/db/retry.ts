import type { ErrorClass } from './dialect.ts';

/** Bounds of the wait before a retry, milliseconds. */
export const SHORTEST_WAIT_MS = 50;
export const LONGEST_WAIT_MS = 5000;

export interface RetryOptions {
  /** How often `work` is tried in all, at least 1. */
  readonly attempts: number;
  readonly classify: (error: unknown) => ErrorClass;
  /** Told before each wait; `attempt` counts the failures so far, from 1. */
  readonly onRetry?: (attempt: number, error: unknown) => void;
  /** Waits; for tests and for a caller that must be able to stop. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/**
 * Runs `work` again as long as it fails with a conflict (deadlock, lock time-out, certification): the one class of which it
 * is certain that nothing was committed. A lost connection is not retried here, for it may have lost the answer to a COMMIT.
 *
 * @throws the last error, unchanged.
 */
export async function withRetry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const sleep = options.sleep ?? pause;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= options.attempts || options.classify(error) !== 'conflict') throw error;
      options.onRetry?.(attempt, error);
      await sleep(backOff(attempt, Math.random()));
    }
  }
}

/**
 * Full jitter: a random wait between the shortest and a bound that doubles with each attempt; two runners that collided do
 * not meet again in step. `random` is in [0, 1).
 */
export function backOff(attempt: number, random: number): number {
  const bound = Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** attempt);
  return SHORTEST_WAIT_MS + Math.floor(random * (bound - SHORTEST_WAIT_MS));
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
