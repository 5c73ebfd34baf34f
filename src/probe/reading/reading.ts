/**
 * How parsers ask for bytes. A parser is a generator: it yields what it needs and is handed the bytes, so it does no I/O of its own,
 * runs over a file, a server or a fuzzer's buffer alike, and can be stopped by a budget at every step.
 */

export type Compression =
  | 'gzip'
  | 'deflate-raw'
  | 'zlib'
  | 'bzip2'
  | 'xz'
  | 'lzma'
  | 'lzip'
  | 'lzw'
  | 'zstd'
  | 'lz4-frame'
  | 'lz4-legacy';

export type Ask =
  /** File bytes from `offset` (inclusive); the answer is shorter only where the file ends. */
  | { readonly kind: 'read'; readonly offset: number; readonly length: number }
  /** Bytes [from, limit) of what `input` expands to; fewer where the input ends or breaks off. */
  | {
      readonly kind: 'expand';
      readonly wanted: 'range';
      readonly compression: Compression;
      readonly input: Uint8Array;
      readonly from: number;
      readonly limit: number;
    }
  /**
   * The size of all that `input` expands to, eight bytes in big-endian order, and its last bytes behind that.
   * `truncated` where it does not end within `limit` bytes, or breaks off.
   */
  | {
      readonly kind: 'expand';
      readonly wanted: 'end';
      readonly compression: Compression;
      readonly input: Uint8Array;
      readonly limit: number;
    };

/** How long a plaintext is, and its last bytes: `END_LENGTH` of them, or all of a shorter one. */
export interface PlaintextEnd {
  readonly size: number;
  readonly tail: Uint8Array;
}

/** Room for a trailer, and for what some tools leave behind it. */
export const END_LENGTH = 1024;

export type Reading<T> = Generator<Ask, T, Uint8Array>;

export type UnreadableReason =
  /** The file ends before the bytes asked for. */
  | 'truncated'
  /** A structure contradicts its format. */
  | 'malformed'
  /** Legal, but not understood here: a compression without a reader, an unknown feature. */
  | 'unsupported'
  /** The source can only be read forward and the bytes are too far ahead. */
  | 'no-random-access'
  /** The budget of requests or bytes is used up. */
  | 'budget';

/** Thrown inside a reading; never leaves `probe`. `detail` is for a person and holds nothing from the image but numbers. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly reason: UnreadableReason;

  constructor(reason: UnreadableReason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** Up to `length` bytes from `offset`; fewer, or none, past the end of the file. */
export function* readUpTo(offset: number, length: number): Reading<Uint8Array> {
  if (!Number.isSafeInteger(offset) || offset < 0 || !Number.isSafeInteger(length) || length < 0) {
    throw new Unreadable('malformed', `an offset or length outside any file: ${offset}, ${length}`);
  }
  return yield { kind: 'read', offset, length };
}

/** Exactly `length` bytes from `offset`, or `truncated`. */
export function* readExactly(offset: number, length: number): Reading<Uint8Array> {
  const bytes = yield* readUpTo(offset, length);
  if (bytes.length < length) {
    throw new Unreadable('truncated', `${length} bytes wanted at ${offset}, ${bytes.length} there`);
  }
  return bytes;
}

/** What a reading comes to; null where it meets bytes that cannot be read. */
export function* attempted<T>(reading: Reading<T>): Reading<T | null> {
  try {
    return yield* reading;
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

export function* expand(compression: Compression, input: Uint8Array, limit: number, from = 0): Reading<Uint8Array> {
  return yield { kind: 'expand', wanted: 'range', compression, input, from, limit };
}
