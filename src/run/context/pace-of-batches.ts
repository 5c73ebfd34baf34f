import type { CommittedBatch } from '../../journal/batches.ts';

/** Milliseconds before the latest batch that count: an earlier window of the same run says nothing about this one. */
const WINDOW = 60_000;
/** Below so many milliseconds, stamps in whole seconds say too little. */
const LEAST = 2_000;

/**
 * How many rows a second the latest batches came to; their stamps are compared with each other only, never with a clock
 * of this machine.
 * @param latest newest first.
 * @returns null where too few batches say anything.
 */
export function paceOf(latest: readonly CommittedBatch[]): number | null {
  const times = latest.map(({ at, rows }) => ({ at: Date.parse(at), rows }));
  const newest = times[0]?.at ?? Number.NaN;
  const recent = times.filter(({ at }) => newest - at <= WINDOW);
  const oldest = recent.at(-1)?.at ?? Number.NaN;
  if (!(newest - oldest >= LEAST)) return null;
  // The rows of the oldest second were written before it was stamped.
  const rows = recent.filter(({ at }) => at > oldest).reduce((sum, batch) => sum + batch.rows, 0);
  return (rows * 1000) / (newest - oldest);
}
