/** What to do after the tail passes so far. `chasing`: Glance changes images as fast as passes write them. */
export type TailState = 'again' | 'done' | 'chasing';

/** Passes to try before one that finds no fewer rows than its predecessor ends the run. */
const PATIENCE = 3;

/**
 * Decides whether another tail pass is worthwhile. Each takes as long as the search for pending rows, and beside a busy
 * Glance there are always some: without a bound the last rows would be chased until the cutover.
 *
 * @param found rows written by each tail pass of this invocation, oldest first; at least one.
 */
export function tailState(found: readonly number[]): TailState {
  const [last = 0, before = Number.POSITIVE_INFINITY] = found.toReversed();
  if (last === 0) return 'done';
  return found.length >= PATIENCE && last >= before ? 'chasing' : 'again';
}
