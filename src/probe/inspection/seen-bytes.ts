import { fieldsOf, type Fields } from '../reading/fields.ts';
import type { Reading } from '../reading/reading.ts';

/** The beginning of a file, or of the disk inside a container, as far as it was read. */
export interface SeenBytes {
  /** From byte 0 on. */
  readonly bytes: Uint8Array;
  /** Bytes in all; null where unknown. */
  readonly size: number | null;
}

/** Reads bytes [offset, offset + length) of a layer, fewer where it ends; may throw Unreadable. */
export type LayerReader = (offset: number, length: number) => Reading<Uint8Array>;

/** The first sector of a layer, with zeros behind the end of a shorter one; null where it was not seen. */
export function firstSectorOf(seen: SeenBytes): Fields | null {
  return seenAt(seen, 0, 512);
}

/**
 * The bytes [start, start + length). A file that ends before a place has been seen there: the missing bytes are zeros,
 * as QEMU reads the last sector. Null where bytes that may exist were not read.
 */
export function seenAt({ bytes, size }: SeenBytes, start: number, length: number): Fields | null {
  const end = Math.min(start + length, size ?? Number.POSITIVE_INFINITY);
  if (bytes.length < end) return null;
  if (start + length <= bytes.length) return fieldsOf(bytes.subarray(start, start + length));
  const padded = new Uint8Array(length);
  padded.set(bytes.subarray(start, Math.max(start, end)));
  return fieldsOf(padded);
}

/**
 * Sizes from here on are one value. The inspectors compare sizes up to 34,816 bytes only, where the first descriptor of
 * an optical disc ends; so few values suffice, and a size that is unknown but larger is known well enough.
 */
const MOST_SIZE = 65_536;

/** The fact `size`; null where the size is unknown and too little was read to tell. */
export function sizeFact({ bytes, size }: SeenBytes): number | null {
  if (size !== null) return Math.min(size, MOST_SIZE);
  return bytes.length >= MOST_SIZE ? MOST_SIZE : null;
}
