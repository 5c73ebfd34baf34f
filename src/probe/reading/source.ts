import type { ReadCost } from '../../model/verdict.ts';

/** Where bytes come from: a local file, a web server, Glance. Not safe for concurrent reads. */
export interface ByteSource {
  /** What to call it in reports: a path or an address without credentials, query or fragment. */
  readonly label: string;
  /**
   * The disk or server that it shares with other sources. How many reads a lane can serve at once is measured for each
   * lane. Sources without a lane share one.
   */
  readonly lane?: string;
  /**
   * `near`: one more small read costs less than a larger one. `far` (default): a request costs more than half a
   * megabyte.
   */
  readonly distance?: 'near' | 'far';
  /** Bytes in all; null until known, and always null where the server does not report it. */
  size(): number | null;
  /**
   * Reads bytes from `offset` (inclusive), fewer only where the source ends. A source that can only be read forward
   * throws `Unreadable` (no-random-access) for bytes that it has passed, or that lie beyond its streaming budget.
   *
   * @param room memory of at least `length` bytes that the source may use for the answer; it saves an allocation. It
   *   belongs to the caller.
   * @throws SourceFailure when the source cannot be read at all.
   */
  read(offset: number, length: number, room?: Uint8Array): Promise<Uint8Array>;
  cost(): ReadCost;
  close(): Promise<void>;
}

interface FailureDetails {
  /** Printable name of what could not be read; `message` begins with it. */
  readonly label?: string;
  /** HTTP status of the answer that was a refusal. */
  readonly status?: number | null;
}

/** The source cannot be read. `message` and `reason` are safe to print: no credential, no location string. */
export class SourceFailure extends Error {
  override readonly name = 'SourceFailure';
  /** The message without the label, so that images that fail for one reason can be grouped. */
  readonly reason: string;
  readonly status: number | null;

  constructor(reason: string, { label, status = null }: FailureDetails = {}) {
    super(label === undefined ? reason : `${label}: ${reason}`);
    this.reason = reason;
    this.status = status;
  }
}
