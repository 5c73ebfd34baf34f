/**
 * How fast a disk of this machine answers. From a quick one, which answers from memory in microseconds, calls are made
 * at once. A slow one is left to the thread pool, which waits for several files together.
 */
export type Pace =
  | { readonly kind: 'quick'; readonly meanMs: number }
  /** `files`: how many more files count as slow. */
  | { readonly kind: 'slow'; readonly files: number };

/** From this mean of the latest calls, waiting costs more than a thread, whose call takes about a tenth of it. */
const SLOW_MS = 0.5;

/** Weight of one call in the mean. */
const LATEST = 1 / 16;

/** The most that one call counts: a few slow calls on a busy machine say little about the disk. */
const LONGEST_MS = 4 * SLOW_MS;

/** A slow disk is tried again after so many files, because the rest may lie in memory by then. */
const SLOW_FILES = 256;

export const FIRST_PACE: Pace = { kind: 'quick', meanMs: 0 };

export function isQuick(pace: Pace): boolean {
  return pace.kind === 'quick';
}

/** The pace after a call that was made at once. */
export function paceAfter(pace: Pace, milliseconds: number): Pace {
  // The file was opened while the disk was still quick.
  if (pace.kind === 'slow') return pace;
  const meanMs = pace.meanMs + LATEST * (Math.min(LONGEST_MS, milliseconds) - pace.meanMs);
  return meanMs > SLOW_MS ? { kind: 'slow', files: SLOW_FILES } : { kind: 'quick', meanMs };
}

/** The pace after a file was opened. */
export function paceAfterFile(pace: Pace): Pace {
  if (pace.kind === 'quick') return pace;
  return pace.files <= 1 ? FIRST_PACE : { kind: 'slow', files: pace.files - 1 };
}
