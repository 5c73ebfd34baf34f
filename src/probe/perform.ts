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

interface CachedRange {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/**
 * Runs a reading over a source: answers from what was read before, rounds requests, keeps to the budget. Errors of a read are thrown
 * into the reading, which may go on without it.
 *
 * @throws SourceFailure when the source fails; Unreadable when the reading does not deal with it.
 */
export async function perform<T>(reading: Reading<T>, source: ByteSource, budget: Budget = DEFAULT_BUDGET): Promise<T> {
  const cache: CachedRange[] = [];
  let expanded = 0;
  const answer = async (ask: Ask): Promise<Uint8Array> => {
    if (ask.kind === 'expand') {
      if (expanded + ask.limit > budget.expanded)
        throw new Unreadable('budget', 'the budget for decompression is used up');
      const output = await expandHead(ask.compression, ask.input, ask.limit);
      expanded += output.length;
      return output;
    }
    return readCached(ask.offset, ask.length, source, cache, budget);
  };
  let step = reading.next();
  while (step.done !== true) {
    let given: Uint8Array;
    try {
      given = await answer(step.value);
    } catch (error) {
      step = error instanceof Unreadable ? reading.throw(error) : rethrow(error);
      continue;
    }
    step = reading.next(given);
  }
  return step.value;
}

async function readCached(
  offset: number,
  length: number,
  source: ByteSource,
  cache: CachedRange[],
  budget: Budget,
): Promise<Uint8Array> {
  const size = source.size();
  const wanted = size === null ? length : Math.max(0, Math.min(length, size - offset));
  if (wanted === 0 && size !== null) return new Uint8Array(0);
  const held = cache.find(({ start, bytes }) => offset >= start && offset + wanted <= start + bytes.length);
  if (held !== undefined) return held.bytes.subarray(offset - held.start, offset - held.start + wanted);

  const start = cache.length === 0 && offset < HEAD_LENGTH ? 0 : Math.floor(offset / 4096) * 4096;
  const unit = cache.length === 0 && offset < HEAD_LENGTH ? HEAD_LENGTH : BLOCK;
  const tail = size !== null && offset + wanted === size && wanted <= 4096;
  const from = tail ? offset : start;
  const span = tail ? wanted : Math.max(unit, Math.ceil((offset + wanted - start) / 4096) * 4096);
  const asked = size === null ? span : Math.min(span, size - from);
  const cost = source.cost();
  if (cost.requests >= budget.requests) throw new Unreadable('budget', `${budget.requests} requests were made`);
  if (cost.bytes + asked > budget.bytes) throw new Unreadable('budget', `${budget.bytes} bytes were read`);
  const bytes = await source.read(from, asked);
  cache.push({ start: from, bytes });
  return bytes.subarray(Math.min(bytes.length, offset - from), Math.min(bytes.length, offset - from + length));
}

function rethrow(error: unknown): never {
  throw error;
}
