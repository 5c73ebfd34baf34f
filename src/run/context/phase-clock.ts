/**
 * Where the time of a run goes. Phases overlap: while batches are written, the next rows are read and decided, and
 * several lanes write at a time. So the sum may exceed the elapsed time.
 */
type TimedPhase =
  /** Queries for rows and their properties, from the request to the last byte. */
  | 'read'
  /** Decisions, in this process. */
  | 'decide'
  /** Transactions of batches, from BEGIN to the answer to COMMIT. */
  | 'write'
  /** Pauses before a retry, and pauses of the brake. */
  | 'wait';

export interface PhaseClock {
  add(phase: TimedPhase, milliseconds: number): void;
  /** Times some work, also where it fails. */
  timed<T>(phase: TimedPhase, work: () => Promise<T>): Promise<T>;
  /** Seconds spent so far. */
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
