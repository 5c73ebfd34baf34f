/** What the tail passes so far came to. `chasing`: Glance changes images as fast as they are settled. */
export type TailState = 'again' | 'settled' | 'chasing';

/** Passes that are tried before one that finds no fewer rows than the one before it ends the run. */
const PATIENCE = 3;

/**
 * Whether another tail pass is worth while. Each takes as long as looking for what is left, and beside a busy Glance there is always something:
 * without an end the last rows would be chased until the cutover.
 *
 * @param found rows settled by each tail pass of this invocation, oldest first; at least one.
 */
export function tailState(found: readonly number[]): TailState {
  const [last = 0, before = Number.POSITIVE_INFINITY] = found.toReversed();
  if (last === 0) return 'settled';
  return found.length >= PATIENCE && last >= before ? 'chasing' : 'again';
}
