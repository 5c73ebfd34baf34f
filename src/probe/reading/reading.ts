/**
 * How parsers ask for bytes. A parser is a generator: it yields a request and receives the bytes. It does no I/O, so it
 * runs over a file, a server or the buffer of a fuzzer, and a budget can stop it at every request.
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
  /** Bytes [from, limit) of the plaintext of `input`; fewer where the input ends or breaks off. */
  | {
      readonly kind: 'expand';
      readonly wanted: 'range';
      readonly compression: Compression;
      readonly input: Uint8Array;
      readonly from: number;
      readonly limit: number;
    }
  /**
   * The size of the whole plaintext of `input` (eight bytes, big-endian), followed by its last bytes. `truncated` where
   * it does not end within `limit` bytes or breaks off.
   */
  | {
      readonly kind: 'expand';
      readonly wanted: 'end';
      readonly compression: Compression;
      readonly input: Uint8Array;
      readonly limit: number;
    };

/** Length of a plaintext, and its last `END_LENGTH` bytes, or all of a shorter one. */
export interface PlaintextEnd {
  readonly size: number;
  readonly tail: Uint8Array;
}

/** Bytes that are read at the end of a file: a trailer, and the little that some tools append to it. */
export const END_LENGTH = 1024;

export type Reading<T> = Generator<Ask, T, Uint8Array>;

export type UnreadableReason =
  /** The file ends before the bytes asked for. */
  | 'truncated'
  /** A structure contradicts its format. */
  | 'malformed'
  /** Legal, but not supported: a compression without a decoder, an unknown feature. */
  | 'unsupported'
  /** The source can only be read forward and the bytes are too far ahead. */
  | 'no-random-access'
  /** The budget of requests or bytes is used up. */
  | 'budget';

/** Thrown in a reading; never leaves `probe`. `detail` is for a person and holds nothing from the image but numbers. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly reason: UnreadableReason;

  constructor(reason: UnreadableReason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** Reads up to `length` bytes from `offset`; fewer, or none, past the end of the file. */
export function* readUpTo(offset: number, length: number): Reading<Uint8Array> {
  if (!Number.isSafeInteger(offset) || offset < 0 || !Number.isSafeInteger(length) || length < 0) {
    throw new Unreadable('malformed', `an offset or length outside any file: ${offset}, ${length}`);
  }
  return yield { kind: 'read', offset, length };
}

/** Reads exactly `length` bytes from `offset`, or throws `truncated`. */
export function* readExactly(offset: number, length: number): Reading<Uint8Array> {
  const bytes = yield* readUpTo(offset, length);
  if (bytes.length < length) {
    throw new Unreadable('truncated', `${length} bytes wanted at ${offset}, ${bytes.length} there`);
  }
  return bytes;
}

/** The result of a reading; null where it meets bytes that cannot be read. */
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
