/**
 * How fast a disk of this machine answers, and so how it is read. What lies in memory comes in a few microseconds; then calls are made at
 * once. A disk that makes the process wait is left to the threads of the pool, which wait for several files together.
 */
export type Pace =
  | { readonly kind: 'quick'; readonly meanMs: number }
  /** For as many files as `files` says. */
  | { readonly kind: 'slow'; readonly files: number };

/** Mean of the latest calls from which waiting for them costs more than the threads: a call by these takes about a tenth of it. */
const SLOW_MS = 0.5;

/** Share of one call in the mean. */
const LATEST = 1 / 16;

/** No call counts for more than this: a few that met a busy machine say little. */
const LONGEST_MS = 4 * SLOW_MS;

/** Files after which a slow disk is tried again: what was read by others meanwhile may lie in memory. */
const SLOW_FILES = 256;

export const FIRST_PACE: Pace = { kind: 'quick', meanMs: 0 };

export function isQuick(pace: Pace): boolean {
  return pace.kind === 'quick';
}

/** After an inline call. */
export function paceAfter(pace: Pace, milliseconds: number): Pace {
  // A file that was opened while the disk was still quick.
  if (pace.kind === 'slow') return pace;
  const meanMs = pace.meanMs + LATEST * (Math.min(LONGEST_MS, milliseconds) - pace.meanMs);
  return meanMs > SLOW_MS ? { kind: 'slow', files: SLOW_FILES } : { kind: 'quick', meanMs };
}

/** After a file was opened, whichever way. */
export function paceAfterFile(pace: Pace): Pace {
  if (pace.kind === 'quick') return pace;
  return pace.files <= 1 ? FIRST_PACE : { kind: 'slow', files: pace.files - 1 };
}
