/** How fast rows go by, smoothed so that one slow batch does not make the time left jump. */
export interface Rate {
  /** Takes a reading: rows dealt with at a moment in milliseconds. */
  at(done: number, now: number): void;
  /** Rows a second; null before two readings. */
  perSecond(): number | null;
}

/** Readings older than this, in milliseconds, have lost two thirds of their weight. */
const MEMORY = 3_000;

/** The first reading only sets the mark: a resumed run begins with the rows of earlier invocations, which took no time in this one. */
export function createRate(): Rate {
  let mark: { readonly done: number; readonly now: number } | null = null;
  let rate: number | null = null;
  return {
    at(done, now) {
      if (mark !== null && now <= mark.now) return;
      if (mark !== null) {
        const elapsed = now - mark.now;
        const latest = ((done - mark.done) * 1000) / elapsed;
        const weight = 1 - Math.exp(-elapsed / MEMORY);
        rate = rate === null ? latest : rate + weight * (latest - rate);
      }
      mark = { done, now };
    },
    perSecond: () => rate,
  };
}
