/**
 * What the benchmark tells the simulated Glance: start no write that is due after `to`, and report the waits of those that were due
 * from `from` on once the last of them has been answered. Epoch milliseconds.
 */
export interface Order {
  readonly from: number;
  readonly to: number;
}

/** What the simulated Glance tells the benchmark. */
export type Word =
  /** Connected and writing. */
  { readonly kind: 'ready' } | { readonly kind: 'report'; readonly report: NeighbourReport };

export interface NeighbourReport {
  /** Of every counted write: from the moment it was due to the answer to COMMIT, in milliseconds. */
  readonly latencies: readonly number[];
  /** Tries that ended in a deadlock or a lock time-out and were tried again, as Glance does. */
  readonly retries: number;
}

/** Where the simulated Glance writes, as its one argument in JSON. */
export interface NeighbourTask {
  readonly url: string;
  readonly perSecond: number;
  readonly seed: number;
}
