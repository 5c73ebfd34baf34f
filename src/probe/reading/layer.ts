import {
  END_LENGTH,
  type PlaintextEnd,
  expand,
  Unreadable,
  type Ask,
  type Compression,
  type Reading,
} from './reading.ts';
import { fieldsOf } from './fields.ts';

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
  /** As far as it was expanded at first. */
  readonly first: Uint8Array;
  /**
   * Null where it was not seen: bytes at the end of the plaintext may say something else than those at its beginning.
   */
  readonly end: PlaintextEnd | null;
}

/** First step of decompression, and of reading what is near: more than the window, so that a longer plaintext shows itself. */
export const FIRST_STEP = 72 * 1024;

/** Steps of decompression, each from the beginning; in the last a compressed disk image has its header and its first blocks. */
const STEPS = [FIRST_STEP, 576 * 1024, 1024 * 1024] as const;

/**
 * Plaintexts up to this are read to their end: gzip takes 40 ms for so many bytes, bzip2 half a second at worst
 * (2026-11-30).
 */
const LONGEST_READ_THROUGH = 12 * 1024 * 1024;

/**
 * Begins a stream. Throws `Unreadable` where not one byte of it can be expanded.
 *
 * @param input all of the stream where it is `whole`; of one that is `cut`, the end is not looked for.
 */
export function* openPlaintext(
  compression: Compression,
  input: Uint8Array,
  inputIs: 'whole' | 'cut',
): Reading<Plaintext> {
  const first = yield* expand(compression, input, FIRST_STEP);
  return { compression, input, first, end: inputIs === 'cut' ? null : yield* readEnd(compression, input) };
}

function* readEnd(compression: Compression, input: Uint8Array): Reading<PlaintextEnd | null> {
  try {
    const answer = yield { kind: 'expand', wanted: 'end', compression, input, limit: LONGEST_READ_THROUGH };
    return { size: Number(fieldsOf(answer).u64be(0)), tail: answer.subarray(8) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return null;
  }
}

/**
 * A reading of plaintext as if that were a file: expanded in steps as far as is asked for. Behind that, its end and the
 * ends of archive members in it can be had where it was read through; all other bytes are `no-random-access`.
 */
export function ofPlaintext<T>(reading: Reading<T>, stream: Plaintext): Reading<T> {
  const { compression, input, end: seen } = stream;
  const tailAt = seen === null ? Number.POSITIVE_INFINITY : seen.size - seen.tail.length;
  let plain = stream.first;
  let reached: number = FIRST_STEP;
  return answeredBy(reading, function* (ask) {
    if (ask.kind !== 'read') return yield ask;
    const end = Math.min(ask.offset + ask.length, seen?.size ?? Number.POSITIVE_INFINITY);
    if (seen !== null && ask.offset >= tailAt) return seen.tail.subarray(ask.offset - tailAt, end - tailAt);
    const step = STEPS.find((limit) => limit >= end);
    if (step === undefined && seen !== null && ask.length <= END_LENGTH)
      return yield* expand(compression, input, end, ask.offset);
    const limit = step ?? STEPS[2];
    if (limit > reached && plain.length >= reached) {
      reached = limit;
      plain = yield* expand(compression, input, limit);
    }
    if (end > plain.length && ask.offset > 0) {
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
