import type { Database } from '../../db/database.ts';
import type { ReadContext } from '../context/context.ts';
import type { BatchWork } from './batch-work.ts';
import type { Brake } from './brake.ts';
import type { BatchResult } from './commit-batch.ts';
import { type LanesEnd, runLanes } from './lanes.ts';
import { prefetch } from './streams.ts';

/** What migrate works with: it scans on the read-only connection and writes on the other. */
export interface MigrateContext extends ReadContext {
  readonly writer: Database;
  /** Batches that may be written at the same time, at least 1. Never changes a result. */
  readonly lanes: number;
  readonly brake: Brake;
}

/** What a pass came to. */
export interface PassResult {
  readonly end: LanesEnd;
  readonly written: number;
  /** Rows left out because they changed during the pass. */
  readonly changed: number;
  /** Ids whose result columns hold foreign values: never overwritten. At most `FOREIGN_SAMPLE`. */
  readonly foreign: readonly string[];
}

/** Foreign ids kept for the report; verify counts all of them. */
const FOREIGN_SAMPLE = 10_000;

/** Makes the batches of a pass. Calls `onStopped` where it ends early because the operator asked for a stop. */
export type BatchSource = (onStopped: () => void) => AsyncGenerator<BatchWork, void, undefined>;

/** Writes the batches of a pass and tells of each once it is committed. */
export type WritePass = (source: BatchSource, onBatch: (work: BatchWork) => void) => Promise<PassResult>;

/**
 * Makes the function that all passes write with. Several batches are written at a time where the database gains from
 * it; meanwhile the next one is decided and the rows after it are read.
 */
export function passWriter(
  { lanes, stop, brake }: Pick<MigrateContext, 'lanes' | 'stop' | 'brake'>,
  commit: (work: BatchWork) => Promise<BatchResult>,
): WritePass {
  return async (source, onBatch) => {
    let written = 0;
    let changed = 0;
    let stopped = false;
    const foreign: string[] = [];
    const batches = source(() => {
      stopped = true;
    });
    const end = await runLanes(prefetch(batches), {
      lanes,
      stop,
      work: async (work) => {
        const began = performance.now();
        const result = await commit(work);
        const took = performance.now() - began;
        written += result.written;
        changed += result.changed.length;
        foreign.push(...result.foreign.slice(0, FOREIGN_SAMPLE - foreign.length));
        onBatch(work);
        await brake.after(took);
      },
    });
    return { end: stopped ? 'stopped' : end, written, changed, foreign };
  };
}
