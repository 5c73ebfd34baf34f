import type { ErrorClass } from '../dialect.ts';

/** Bounds of the wait before a retry, milliseconds. */
export const SHORTEST_WAIT_MS = 50;
export const LONGEST_WAIT_MS = 5000;

/** How long failures that may pass are waited out while a run is under way: a server restarts, a cluster finds its quorum again. */
export const RUN_BUDGET_MS = 60_000;

/** The same at the first contact where nobody listens: a wrong port must not be waited for. */
export const FIRST_CONTACT_BUDGET_MS = 3_000;

const WORTH_WAITING: ReadonlySet<ErrorClass> = new Set<ErrorClass>(['conflict', 'connection-lost', 'unreachable']);

/** One pause before the next try. */
export interface RetryWait {
  /** From 1 on. */
  readonly attempt: number;
  readonly milliseconds: number;
  /** Since the first failure, milliseconds. */
  readonly lasted: number;
  readonly kind: ErrorClass;
}

/** Says after each failure of one piece of work whether to try again. */
export interface RetryBudget {
  /**
   * @param now a monotonic clock, milliseconds.
   * @param random in [0, 1).
   * @returns null where to give up: the failure does not pass by waiting, or has lasted for as long as the budget.
   */
  next(kind: ErrorClass, now: number, random: number): RetryWait | null;
}

/**
 * A budget by time and not by tries, because a try takes anything from a millisecond to a deadline. It counts from the first failure,
 * so that there is a second try at least, however long the first one took.
 */
export function retryBudget(budgetMs: number): RetryBudget {
  let attempt = 0;
  let since: number | null = null;
  return {
    next(kind, now, random) {
      since ??= now;
      if (!WORTH_WAITING.has(kind) || now - since >= budgetMs) return null;
      attempt += 1;
      return { attempt, milliseconds: backOff(attempt, random), lasted: now - since, kind };
    },
  };
}

/** A connection that takes a moment to come about is nothing to tell a person; one that was lost is, and so is what goes on. */
export function isWorthTelling({ kind, lasted }: RetryWait): boolean {
  return kind === 'connection-lost' || lasted >= 1000;
}

/**
 * Full jitter: a random wait between the shortest and a bound that doubles with each attempt; two runners that collided do
 * not meet again in step. `random` is in [0, 1).
 */
function backOff(attempt: number, random: number): number {
  const bound = Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** attempt);
  return SHORTEST_WAIT_MS + Math.floor(random * (bound - SHORTEST_WAIT_MS));
}
