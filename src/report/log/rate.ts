/** How fast rows go by, smoothed so that one slow batch does not make the time left jump. */
export interface Rate {
  /** Takes a reading: rows dealt with at a moment in milliseconds. */
  at(done: number, now: number): void;
  /** Rows a second at a moment; null before two readings. It falls while no reading comes. */
  perSecond(now: number): number | null;
}

/** Without a reading for so long, in milliseconds, the work counts as standing still. */
const STILL = 5_000;

/**
 * Makes a rate: rows over time, both fading alike, so that a first small batch counts no more than its own time. The
 * first reading only sets the mark: the rows of earlier invocations took no time in this one.
 *
 * @param memory milliseconds after which a reading has lost two thirds of its weight.
 */
export function createRate(memory: number): Rate {
  let mark: { readonly done: number; readonly now: number } | null = null;
  let rows = 0;
  let time = 0;
  return {
    at(done, now) {
      if (mark !== null && now <= mark.now) return;
      if (mark !== null) {
        const elapsed = now - mark.now;
        const kept = Math.exp(-elapsed / memory);
        rows = rows * kept + (done - mark.done);
        time = time * kept + elapsed;
      }
      mark = { done, now };
    },
    perSecond(now) {
      if (time === 0 || mark === null) return null;
      const still = now - mark.now;
      const rate = (rows * 1000) / time;
      return still < STILL ? rate : rate * Math.exp(-still / memory);
    },
  };
}
