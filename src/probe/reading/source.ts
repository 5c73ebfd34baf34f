import type { ReadCost } from '../../model/verdict.ts';

/** Where bytes come from: a local file, a web server, Glance. Not safe for concurrent reads. */
export interface ByteSource {
  /** What to call it in reports: a path or an address without credentials, query or fragment. */
  readonly label: string;
  /**
   * What it shares with other sources: a disk, a server. How much that can do at once is learnt for each of them apart. Sources without
   * a word share one.
   */
  readonly lane?: string;
  /** `near`: a further small read costs less than a larger one; default `far`: a request costs more than half a megabyte. */
  readonly distance?: 'near' | 'far';
  /** Bytes in all; null until known, and for ever where the server does not tell. */
  size(): number | null;
  /**
   * Bytes from `offset` (inclusive), shorter only where the source ends. A source that can only be read forward throws `Unreadable`
   * (no-random-access) for what it has passed or what is farther ahead than its streaming budget.
   *
   * @param room memory for the answer, `length` bytes at least, which saves a new piece of it; a source need not use it. It stays the
   *   caller's.
   * @throws SourceFailure when the source cannot be read at all.
   */
  read(offset: number, length: number, room?: Uint8Array): Promise<Uint8Array>;
  cost(): ReadCost;
  close(): Promise<void>;
}

interface FailureDetails {
  /** What could not be read, as it may be shown; `message` begins with it. */
  readonly label?: string;
  /** HTTP status of the answer that was a refusal. */
  readonly status?: number | null;
}

/** The source cannot be read. `message` and `reason` are safe to print: no credential, no location string. */
export class SourceFailure extends Error {
  override readonly name = 'SourceFailure';
  /** The message without the label: images that fail alike have it alike. */
  readonly reason: string;
  readonly status: number | null;

  constructor(reason: string, { label, status = null }: FailureDetails = {}) {
    super(label === undefined ? reason : `${label}: ${reason}`);
    this.reason = reason;
    this.status = status;
  }
}
