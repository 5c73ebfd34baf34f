import { HEAD_LENGTH } from './container.ts';
import { expandHead } from './expand/expand.ts';
import { Unreadable, type Ask, type Reading } from './reading.ts';
import type { ByteSource } from './source.ts';

/** What one image may cost. */
export interface Budget {
  readonly requests: number;
  readonly bytes: number;
  /** Bytes that decompression may yield in all. */
  readonly expanded: number;
}

export const DEFAULT_BUDGET: Budget = { requests: 32, bytes: 3 * 1024 * 1024, expanded: 3 * 1024 * 1024 };

/** Reads behind the head are rounded to this, so that neighbouring tables and blocks cost one request. */
const BLOCK = 65_536;

/** Reads begin at a multiple of this. */
const PAGE = 4096;

/** What a reading came to, and whether anything it asked for was refused for want of budget or of random access. */
export interface Performed<T> {
  readonly value: T;
  readonly reach: 'whole' | 'cut';
}

/** `performTo` where only the value is of interest. */
export async function perform<T>(reading: Reading<T>, source: ByteSource, budget?: Budget): Promise<T> {
  return (await performTo(reading, source, budget)).value;
}

/**
 * Runs a reading over a source: answers from what was read before, rounds requests, keeps to the budget. Errors of a read are thrown
 * into the reading, which may go on without it.
 *
 * @throws SourceFailure when the source fails; Unreadable when the reading does not deal with it.
 */
export async function performTo<T>(
  reading: Reading<T>,
  source: ByteSource,
  budget: Budget = DEFAULT_BUDGET,
): Promise<Performed<T>> {
  const cache = rangeCache(source, budget);
  let expanded = 0;
  let reach: Performed<T>['reach'] = 'whole';
  const answer = async (ask: Ask): Promise<Uint8Array> => {
    if (ask.kind === 'read') return cache.read(ask.offset, ask.length);
    if (expanded + ask.limit > budget.expanded) {
      throw new Unreadable('budget', `${budget.expanded} bytes of decompression are used up`);
    }
    // Charged in full: a stream that breaks off has cost its work as well.
    expanded += ask.limit;
    return expandHead(ask.compression, ask.input, ask.limit);
  };
  let step = reading.next();
  while (step.done !== true) {
    let given: Uint8Array;
    try {
      given = await answer(step.value);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      if (error.reason === 'budget' || error.reason === 'no-random-access') reach = 'cut';
      step = reading.throw(error);
      continue;
    }
    step = reading.next(unbuffered(given));
  }
  return { value: step.value, reach };
}

/** As a plain Uint8Array: `slice` of a Buffer does not copy, so that a parser that blanks a field in its copy would change the image. */
function unbuffered(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

interface RangeCache {
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
}

/** Whatever was read of one source, in pieces that hold together at most the budget. */
function rangeCache(source: ByteSource, budget: Budget): RangeCache {
  const held: { readonly start: number; readonly bytes: Uint8Array }[] = [];
  /** Where the source ends, as soon as that is known. */
  let end = source.size();
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    const wanted = end === null ? length : Math.max(0, Math.min(length, end - offset));
    if (wanted === 0) return new Uint8Array(0);
    const range = held.find(({ start, bytes }) => offset >= start && offset < start + bytes.length);
    if (range !== undefined) {
      const piece = range.bytes.subarray(offset - range.start, offset - range.start + wanted);
      if (piece.length === wanted) return piece;
      const rest = await read(offset + piece.length, wanted - piece.length);
      return Buffer.concat([piece, rest]);
    }

    const { from, span } = request(offset, wanted, held.length === 0, end);
    const cost = source.cost();
    if (cost.requests >= budget.requests) throw new Unreadable('budget', `${budget.requests} requests were made`);
    if (cost.bytes + span > budget.bytes) throw new Unreadable('budget', `${budget.bytes} bytes were read`);
    const bytes = await source.read(from, span);
    held.push({ start: from, bytes });
    end ??= source.size() ?? (bytes.length < span ? from + bytes.length : null);
    return bytes.subarray(Math.min(bytes.length, offset - from), Math.min(bytes.length, offset - from + length));
  };
  return { read };
}

/** What to ask a source for: the whole head at first, later whole blocks; the last bytes of a file exactly. */
function request(
  offset: number,
  wanted: number,
  isFirst: boolean,
  end: number | null,
): { readonly from: number; readonly span: number } {
  const isTail = end !== null && offset + wanted === end && wanted <= PAGE;
  if (isTail) return { from: offset, span: wanted };
  const isHead = isFirst && offset < HEAD_LENGTH;
  const from = isHead ? 0 : Math.floor(offset / PAGE) * PAGE;
  const span = Math.max(isHead ? HEAD_LENGTH : BLOCK, Math.ceil((offset + wanted - from) / PAGE) * PAGE);
  return { from, span: end === null ? span : Math.min(span, end - from) };
}
