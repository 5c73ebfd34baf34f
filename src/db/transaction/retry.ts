import type { ErrorClass } from '../dialect.ts';

/** Bounds of the wait before a retry, milliseconds. */
export const SHORTEST_WAIT_MS = 50;
export const LONGEST_WAIT_MS = 5000;

/** How long a run waits for failures that may pass: a server restarts, a cluster regains its quorum. */
export const RUN_BUDGET_MS = 60_000;

/** The same for the first connection where nothing listens: a wrong port is not worth a longer wait. */
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

/** Decides after each failure of one piece of work whether to try again. */
export interface RetryBudget {
  /**
   * @param now a monotonic clock, milliseconds.
   * @param random in [0, 1).
   * @returns null to give up: waiting does not help against the failure, or the budget is used up.
   */
  next(kind: ErrorClass, now: number, random: number): RetryWait | null;
}

/**
 * A budget of time instead of tries, because a try takes between a millisecond and a whole deadline. It starts at the
 * first failure, so there is always a second try, however long the first one took.
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

/**
 * Whether a person should hear of the wait: not of a connection that opens a moment late, but of one that was lost and
 * of long waits.
 */
export function isWorthTelling({ kind, lasted }: RetryWait): boolean {
  return kind === 'connection-lost' || lasted >= 1000;
}

/**
 * Full jitter: a random wait between the shortest and a bound that doubles with each attempt, so that two runners that
 * collided do not collide again in step. `random` is in [0, 1).
 */
function backOff(attempt: number, random: number): number {
  const bound = Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** attempt);
  return SHORTEST_WAIT_MS + Math.floor(random * (bound - SHORTEST_WAIT_MS));
}
