import { expand, Unreadable, type Ask, type Compression, type Reading } from './reading.ts';

/** Bytes that are judged as an image of their own: the file, a member of an archive, the plaintext of compressed data. */
export interface Layer {
  /** Bytes in all; null where unknown. */
  readonly size: number | null;
  /** Wrappers taken off so far. */
  readonly depth: number;
  /**
   * `costly`: bytes have to be expanded, so that no more than the window is read before a reason for more is seen. `near`: as little is
   * read, but nothing is missed for it.
   */
  readonly bytes: 'cheap' | 'costly' | 'near';
}

/** A reading of what lies at [base, base + size) of the bytes around it, as if that were a file of its own. */
export function within<T>(reading: Reading<T>, base: number, size: number): Reading<T> {
  return answeredBy(reading, function* (ask) {
    if (ask.kind !== 'read') return yield ask;
    const length = Math.max(0, Math.min(ask.length, size - ask.offset));
    return length === 0 ? new Uint8Array(0) : yield { ...ask, offset: base + ask.offset, length };
  });
}

/** The plaintext of a compressed stream, which can only be had from its beginning. */
export interface Plaintext {
  readonly compression: Compression;
  readonly input: Uint8Array;
  /** `cut`: more of the stream follows that was not read. */
  readonly end: 'whole' | 'cut';
  /** As far as it was expanded at first. */
  readonly first: Uint8Array;
}

/** First step of decompression, and of reading what is near: more than the window, so that a longer plaintext shows itself. */
export const FIRST_STEP = 72 * 1024;

/** Steps of decompression, each from the beginning; in the last a compressed disk image has its header and its first blocks. */
const STEPS = [FIRST_STEP, 576 * 1024, 1024 * 1024] as const;

/** Begins a stream. Throws `Unreadable` where not one byte of it can be expanded. */
export function* openPlaintext(compression: Compression, input: Uint8Array, end: Plaintext['end']): Reading<Plaintext> {
  return { compression, input, end, first: yield* expand(compression, input, FIRST_STEP) };
}

/**
 * A reading of plaintext as if that were a file: expanded in steps as far as is asked for. Bytes behind what can
 * be had are `no-random-access`.
 */
export function ofPlaintext<T>(reading: Reading<T>, stream: Plaintext): Reading<T> {
  let plain = stream.first;
  let reached: number = FIRST_STEP;
  return answeredBy(reading, function* (ask) {
    if (ask.kind !== 'read') return yield ask;
    const end = ask.offset + ask.length;
    const limit = STEPS.find((step) => step >= end) ?? STEPS[2];
    if (limit > reached && plain.length >= reached) {
      reached = limit;
      plain = yield* expand(stream.compression, stream.input, limit);
    }
    const isEnd = stream.end === 'whole' && plain.length < reached;
    if (end > plain.length && ask.offset > 0 && !isEnd) {
      throw new Unreadable('no-random-access', `the compressed data was read as far as its byte ${plain.length}`);
    }
    return plain.subarray(Math.min(ask.offset, plain.length), Math.min(end, plain.length));
  });
}

/** Runs a reading with other answers to its asks; what `answer` throws is thrown into the reading. */
export function* answeredBy<T>(reading: Reading<T>, answer: (ask: Ask) => Reading<Uint8Array>): Reading<T> {
  let step = reading.next();
  while (step.done !== true) {
    let given: Uint8Array;
    try {
      given = yield* answer(step.value);
    } catch (error) {
      step = reading.throw(error);
      continue;
    }
    step = reading.next(given);
  }
  return step.value;
}
