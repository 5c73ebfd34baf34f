import pLimit from 'p-limit';

import { type StopRequest, stopRequested } from '../context/stop.ts';
import { type ReadContext } from '../context/context.ts';
import type { Database } from '../../db/database.ts';
import type { BatchWork } from './batch-work.ts';
import type { BatchKind, Brake } from '../steering/brake.ts';
import type { BatchResult } from './commit-batch.ts';
import { prefetch } from './streams.ts';

/** What migrate works with: it scans on the read-only connection and writes on the other. */
export interface MigrateContext extends ReadContext {
  readonly writer: Database;
  /** Batches that may be written at the same time at most, at least 1. Never changes a result. */
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
export type WritePass = (
  source: BatchSource,
  onBatch: (work: BatchWork, result: BatchResult) => void,
) => Promise<PassResult>;

/**
 * Makes the function that all passes write with. Several batches are written at a time where the database gains from
 * it; meanwhile the next one is decided and the rows after it are read.
 */
export function passWriter(
  {
    lanes,
    stop,
    brake,
    writer,
    emptyBatches,
  }: Pick<MigrateContext, 'lanes' | 'stop' | 'brake'> & {
    readonly writer: Pick<Database, 'dialect'>;
    /** What batches are to a limit of batches that note only that a part of the table needs nothing. */
    readonly emptyBatches: BatchKind;
  },
  commit: (work: BatchWork) => Promise<BatchResult>,
): WritePass {
  return async (makeBatches, onBatch) => {
    let written = 0;
    let changed = 0;
    let stopped = false;
    const foreign: string[] = [];
    const batches = makeBatches(() => {
      stopped = true;
    });
    // Where nothing runs side by side, rows that are read meanwhile make the transaction longer, and others wait.
    const source = writer.dialect.mostLanes === 1 ? batches : prefetch(batches);
    const end = await runLanes(source, {
      lanes: () => brake.lanes(lanes),
      stop: { requested: () => stopped || stop.requested() },
      work: async (work) => {
        if ((await brake.before(work.rows.length > 0 ? 'counts' : emptyBatches)) === 'end') {
          stopped = true;
          return;
        }
        const began = performance.now();
        const result = await commit(work);
        const took = performance.now() - began;
        written += result.written;
        changed += result.changed.length;
        foreign.push(...result.foreign.slice(0, FOREIGN_SAMPLE - foreign.length));
        onBatch(work, result);
        await brake.after(took);
      },
    });
    return { end: stopped ? 'stopped' : end, written, changed, foreign };
  };
}

/** How work side by side ended. */
export type LanesEnd = 'finished' | 'stopped';

export interface LaneWork<T> {
  /** Pieces that may be done at the same time, at least 1; asked before each. */
  readonly lanes: () => number;
  readonly stop: StopRequest;
  /** Does one piece. Pieces begin in the order of the source and end in any order. */
  readonly work: (piece: T) => Promise<void>;
}

const nothing = (): void => {};

/**
 * Does the pieces that a source yields, several at a time. Takes a piece only when a lane is free for it. Asks for a
 * stop request between pieces, so at least one piece is done; pieces that have begun are finished. After a failure no
 * piece begins any more.
 *
 * @throws the first failure, once every piece that has begun has ended.
 */
export async function runLanes<T>(
  source: AsyncGenerator<T, void, undefined>,
  { lanes, stop, work }: LaneWork<T>,
): Promise<LanesEnd> {
  const limit = pLimit(lanes());
  const failures: unknown[] = [];
  const doPiece = async (piece: T): Promise<void> => {
    try {
      await work(piece);
    } catch (error) {
      failures.push(error);
    }
  };
  let end: LanesEnd = 'finished';
  try {
    for await (const piece of source) {
      limit.concurrency = lanes();
      void limit(doPiece, piece);
      // Waits for a free lane.
      await limit(nothing);
      if (failures.length > 0) break;
      if (await stopRequested(stop)) {
        end = 'stopped';
        break;
      }
    }
  } finally {
    // With a single lane left, its turn comes when all others have ended.
    limit.concurrency = 1;
    await limit(nothing);
  }
  if (failures.length > 0) throw failures[0];
  return end;
}
