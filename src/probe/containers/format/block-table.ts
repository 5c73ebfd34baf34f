import { fieldsOf, type Fields } from '../../reading/fields.ts';
import { readUpTo, type Reading } from '../../reading/reading.ts';
import type { BlockPlace } from './block-map.ts';

/** Tables and blocks are not looked for beyond 2^52: no file is longer, and sums with lengths stay exact. */
const MOST_OFFSET = 2n ** 52n;

/**
 * Entries [first, first + count) of a table of `width`-byte entries at a file offset, in one request. Shorter where the file ends: ask
 * `has` before an entry is used.
 */
export function* readEntries(tableOffset: number, first: number, count: number, width: number): Reading<Fields> {
  return fieldsOf(yield* readUpTo(tableOffset + first * width, count * width));
}

/** An offset from a table as a number; a lost place where it is beyond any file. `at`: file offset of the entry. */
export function offsetOrLost(
  offset: bigint,
  code: 'TABLE_OUT_OF_BOUNDS' | 'DATA_OUT_OF_BOUNDS',
  at: number,
): number | BlockPlace {
  return offset > MOST_OFFSET ? { kind: 'lost', code, at, why: 'a table entry leads beyond any file' } : Number(offset);
}

/** A place lost to a table entry that its format forbids. */
export function malformedEntry(at: number, why: string): BlockPlace {
  return { kind: 'lost', code: 'MALFORMED_HEADER', at, why };
}
