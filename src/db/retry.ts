/** Bounds of the wait before a retry, milliseconds. */
export const SHORTEST_WAIT_MS = 50;
export const LONGEST_WAIT_MS = 5000;

/**
 * Full jitter: a random wait between the shortest and a bound that doubles with each attempt; two runners that collided do
 * not meet again in step. `random` is in [0, 1).
 */
export function backOff(attempt: number, random: number): number {
  const bound = Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** attempt);
  return SHORTEST_WAIT_MS + Math.floor(random * (bound - SHORTEST_WAIT_MS));
}
