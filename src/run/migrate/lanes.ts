import { type StopRequest, stopRequested } from '../stop-request.ts';

/** How work side by side ended. */
export type LanesEnd = 'finished' | 'stopped';

export interface LaneWork<T> {
  /** Pieces that may be done at the same time, at least 1. */
  readonly lanes: number;
  readonly stop: StopRequest;
  /** Does one piece. Pieces are begun in the order of the source and end in any. */
  readonly work: (piece: T) => Promise<void>;
}

/**
 * Does what a source yields, some pieces at a time; no more is taken from it than can be begun at once. A stop request is asked between
 * pieces, so at least one is done; those begun are finished. After a failure nothing is begun any more.
 *
 * @throws the first failure, once nothing is under way any more.
 */
export async function runLanes<T>(
  source: AsyncGenerator<T, void, undefined>,
  { lanes, stop, work }: LaneWork<T>,
): Promise<LanesEnd> {
  const underWay = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | null = null;
  const begin = (piece: T): void => {
    const done = work(piece)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => underWay.delete(done));
    underWay.add(done);
  };
  let end: LanesEnd = 'finished';
  try {
    for await (const piece of source) {
      begin(piece);
      if (underWay.size >= lanes) await Promise.race(underWay);
      if (failure !== null) break;
      if (await stopRequested(stop)) {
        end = 'stopped';
        break;
      }
    }
  } finally {
    await Promise.all(underWay);
  }
  if (failure !== null) throw (failure as { readonly error: unknown }).error;
  return end;
}
