import type { ReadCost } from '../model/verdict.ts';

/** Where bytes come from: a local file, a web server, Glance. Not safe for concurrent reads. */
export interface ByteSource {
  /** What to call it in reports: a path or an address without credentials, query or fragment. */
  readonly label: string;
  /** Bytes in all; null until known, and for ever where the server does not tell. */
  size(): number | null;
  /**
   * Bytes from `offset` (inclusive), shorter only where the source ends. A source that can only be read forward throws `Unreadable`
   * (no-random-access) for what it has passed or what is farther ahead than its streaming budget.
   * @throws SourceFailure when the source cannot be read at all.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
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
