/** Bounds of a batch whose size follows the time it takes, rows. */
export interface BatchBounds {
  readonly start: number;
  readonly most: number;
}

/** How hard a run presses on a database. A writer that needs a row of a batch waits until the batch commits. */
export interface Pressure {
  /** What nine of ten batches should take at most, milliseconds. */
  readonly milliseconds: number;
  /**
   * Rows that a batch has at least, however long it takes: on a server whose disk is busy a COMMIT alone takes that
   * long, and smaller batches only make more of them.
   */
  readonly least: number;
  /** Batches to write side by side, at least 1. */
  readonly lanes: number;
  /** The pause after a batch, in times of what the batch took; from 0. */
  readonly rest: number;
}

/** What a database tells of others who write, at one moment. */
export interface NeighbourReading {
  /** Sessions that write or wait for a lock now, as far as the engine shows them. */
  readonly atWork: number;
  /** Milliseconds that others waited so far, since some moment in the past. Only differences have a meaning. */
  readonly waited: number;
}

/** What a node of a Galera cluster tells of flow control. */
export interface FlowControlReading {
  /** Identifies the node and its present start: behind a proxy, two readings may come from two nodes. */
  readonly node: string;
  /** Milliseconds that replication was held up at this node so far. Only differences have a meaning. */
  readonly pausedMs: number;
}
