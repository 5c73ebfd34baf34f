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

/** Bytes that are judged as an image: the file, a member of an archive, the plaintext of compressed data. */
export interface Layer {
  /** Bytes in all; null where unknown. */
  readonly size: number | null;
  /** Wrappers taken off so far. */
  readonly depth: number;
  /**
   * `costly`: bytes must be decompressed, so only the window is read until a sign asks for more. `near`: little is read
   * at first as well, but more whenever a parser misses bytes.
   */
  readonly bytes: 'cheap' | 'costly' | 'near';
}

/** Runs a reading on [base, base + size) of the surrounding bytes as if that were a file. */
export function within<T>(reading: Reading<T>, base: number, size: number): Reading<T> {
  return answeredBy(reading, function* (ask) {
    if (ask.kind !== 'read') return yield ask;
    const length = Math.max(0, Math.min(ask.length, size - ask.offset));
    return length === 0 ? new Uint8Array(0) : yield { ...ask, offset: base + ask.offset, length };
  });
}

/** The plaintext of a compressed stream, which can only be read from its beginning. */
export interface Plaintext {
  readonly compression: Compression;
  readonly input: Uint8Array;
  /** The first `FIRST_STEP` bytes, or all of a shorter plaintext. */
  readonly first: Uint8Array;
  /** Null where the end was not reached: what lies there may contradict the beginning. */
  readonly end: PlaintextEnd | null;
}

/** First step of decompression, and of reading a near layer: more than the window, to notice a longer plaintext. */
export const FIRST_STEP = 72 * 1024;

/** Steps of decompression, each from the beginning. The last holds the header and the first blocks of a disk image. */
const STEPS = [FIRST_STEP, 576 * 1024, 1024 * 1024] as const;

/** Longest plaintext that is decompressed to its end: gzip takes 40 ms, bzip2 half a second at worst (2026-11-30). */
const LONGEST_READ_THROUGH = 12 * 1024 * 1024;

/**
 * Decompresses the beginning of a stream, and finds its end. Throws `Unreadable` where not one byte can be
 * decompressed.
 *
 * @param input all of the stream where it is `whole`; the end of a `cut` stream is not looked for.
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
 * Runs a reading on a plaintext as if that were a file. The plaintext is decompressed in steps, as far as needed.
 * Beyond the last step, its end and the ends of archive members are available where `end` is known; other bytes are
 * `no-random-access`.
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

/** Runs a reading and answers its requests by `answer`; what that throws is thrown into the reading. */
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
