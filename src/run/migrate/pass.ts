import type { PrePass } from '../../glance/pre-pass.ts';
import type { ScanRange } from '../../glance/reader/scan-order.ts';
import type { BatchWork } from './batch-work.ts';
import { commitBatch, type Committing } from './commit-batch.ts';
import type { WriteContext } from '../context.ts';
import { type LanesEnd, runLanes } from './lanes.ts';
import { prefetch } from './prefetch.ts';

/** Where a pass ended, and what it met. */
export interface PassResult {
  readonly end: LanesEnd;
  readonly written: number;
  /** Rows left out because they changed while the pass was at work. */
  readonly changed: number;
  /** Ids whose result columns hold foreign values: never overwritten. Bounded by `FOREIGN_SAMPLE`. */
  readonly foreign: readonly string[];
}

/** As many foreign ids are kept for the report; the rest is only counted by verify. */
const FOREIGN_SAMPLE = 10_000;

/** What all passes of one invocation have in common. */
export interface PassPlace {
  readonly committing: Committing;
  /** The part of the table that this process works on. */
  readonly within: ScanRange;
}

/** What a pass decides with: read once before it. */
export type PassEvidence = PrePass;

/**
 * Writes decided batches as they come, several at a time where the database gains from it. While batches are written, the next one is
 * decided on and the rows after that are being read.
 *
 * @param onBatch told of each batch once it is committed.
 */
export async function writeBatches(
  context: WriteContext,
  committing: Committing,
  batches: AsyncGenerator<BatchWork, void, undefined>,
  onBatch: (work: BatchWork) => void,
): Promise<PassResult> {
  let written = 0;
  let changed = 0;
  const foreign: string[] = [];
  const end = await runLanes(prefetch(batches), {
    lanes: context.lanes,
    stop: context.stop,
    work: async (work) => {
      const began = performance.now();
      const result = await commitBatch(committing, work);
      const took = performance.now() - began;
      written += result.written;
      changed += result.changed.length;
      foreign.push(...result.foreign.slice(0, FOREIGN_SAMPLE - foreign.length));
      onBatch(work);
      await context.brake.after(took);
    },
  });
  return { end, written, changed, foreign };
}
