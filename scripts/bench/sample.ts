import type { Contender } from './contender.ts';
import type { Measures } from './measures-file.ts';

/** One run of one contender. */
export interface Sample {
  /** Rows of `images` that it went over, soft-deleted ones too. */
  readonly rows: number;
  readonly seconds: number;
  /** Of the program; null where the work is done by statements of the benchmark's own. */
  readonly peakMib: number | null;
  readonly cpuSeconds: number | null;
  readonly measures: Measures | null;
}

/** The samples of one size, one entry a round. */
export type Samples = Readonly<Partial<Record<Contender, readonly Sample[]>>>;
