/**
 * Where the time of a run goes. Phases overlap: while some batches are written, the next rows are read and decided on, and with
 * several lanes more than one batch is written at a time, so the sum may exceed what the clock on the wall says.
 */
type TimedPhase =
  /** Queries for rows and their properties, from asking to the last byte. */
  | 'read'
  /** This program, deciding. */
  | 'decide'
  /** Transactions of batches, from BEGIN to the answer to COMMIT. */
  | 'write'
  /** Pauses: before a retry, and those that the brake made. */
  | 'wait';

export interface PhaseClock {
  add(phase: TimedPhase, milliseconds: number): void;
  /** Times a piece of work, also where it fails. */
  timed<T>(phase: TimedPhase, work: () => Promise<T>): Promise<T>;
  /** Seconds so far. */
  seconds(): Readonly<Record<TimedPhase, number>>;
}

export function createPhaseClock(): PhaseClock {
  const spent: Record<TimedPhase, number> = { read: 0, decide: 0, write: 0, wait: 0 };
  return {
    add(phase, milliseconds) {
      spent[phase] += milliseconds;
    },
    async timed(phase, work) {
      const began = performance.now();
      try {
        return await work();
      } finally {
        spent[phase] += performance.now() - began;
      }
    },
    seconds: () => ({
      read: spent.read / 1000,
      decide: spent.decide / 1000,
      write: spent.write / 1000,
      wait: spent.wait / 1000,
    }),
  };
}
