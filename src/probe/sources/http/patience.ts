import { seconds, TransferFailure } from './transfer-failure.ts';

/** A server, or the images of one tenant on it. */
export interface PatienceGroup {
  readonly name: string;
  /** After so many images ran out of time, the rest of the group is not asked for. */
  readonly most: number;
}

export const MOST_LATE = { tenant: 3, server: 16 } as const;

/** How much each image that is answered for reduces the count of late ones. */
const REGAINED = 0.5;

/** After this time, one image is asked for again, because the server may only have restarted. Milliseconds. */
const AGAIN_MS = 60_000;

/** Counts the images of each group that ran out of time. */
export interface Patience {
  isSpent(group: PatienceGroup): boolean;
  /** Records how a read ended. */
  ended(group: PatienceGroup, how: 'answered' | 'late'): void;
}

/** @param now milliseconds of a monotonic clock. */
export function createPatience(now: () => number): Patience {
  const groups = new Map<string, { late: number; since: number }>();
  return {
    isSpent: ({ name, most }) => {
      const known = groups.get(name);
      if (known === undefined || known.late < most) return false;
      if (now() - known.since < AGAIN_MS) return true;
      known.since = now();
      return false;
    },
    ended: ({ name, most }, how) => {
      const { late, since } = groups.get(name) ?? { late: 0, since: 0 };
      const after = how === 'late' ? Math.min(most, late + 1) : late - REGAINED;
      if (after > 0) groups.set(name, { late: after, since: how === 'late' ? now() : since });
      else groups.delete(name);
    },
  };
}

/**
 * Runs all work of one image within one time in total, milliseconds. When that is used up, the work fails with a
 * TransferFailure and `life` is aborted.
 */
export function imageTime(life: AbortController, totalMs: number): <T>(work: () => Promise<T>) => Promise<T> {
  let leftMs = totalMs;
  return async (work) => {
    const began = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const message = `reading it took longer than ${seconds(totalMs)} s in all`;
        reject(new TransferFailure(message, { sign: 'overload' }));
        life.abort();
      }, leftMs);
    });
    try {
      return await Promise.race([work(), late]);
    } finally {
      clearTimeout(timer);
      leftMs -= performance.now() - began;
    }
  };
}
