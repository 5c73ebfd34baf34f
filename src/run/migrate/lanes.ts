import pLimit from 'p-limit';

import { type StopRequest, stopRequested } from '../context/stop.ts';

/** How work side by side ended. */
export type LanesEnd = 'finished' | 'stopped';

export interface LaneWork<T> {
  /** Pieces that may be done at the same time, at least 1. */
  readonly lanes: number;
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
  const limit = pLimit(lanes);
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
