import { latin1 } from '../../reading/fields.ts';
import { answeredBy } from '../../reading/layer.ts';
import { readExactly, readUpTo, Unreadable, type Reading } from '../../reading/reading.ts';
import { decimal, paxNumber, paxText, type PaxRecords, numberAt, TAR_BLOCK } from './header.ts';

/** A stored range of a sparse file. The archive holds all pieces without gaps. */
interface Piece {
  readonly start: number;
  readonly length: number;
}

/** The map of a sparse member. */
export interface SparseMap {
  readonly pieces: readonly Piece[];
  /** Size of the file, holes included. */
  readonly realSize: number;
  /** Offset of the first stored byte in the archive. */
  readonly data: number;
}

const MOST_PIECES = 16_384;

const FIRST_ENTRIES = { at: 386, count: 4, more: 482 } as const;
const BLOCK_ENTRIES = { at: 0, count: 21, more: 504 } as const;
const ENTRY_LENGTH = 24;
const REAL_SIZE = 483;

/**
 * Reads the map of a member of type S: four entries in the header, and 21 in each further block that the one before
 * announces. `data` is where the stored bytes begin, even where the map is invalid and null. Source: GNU tar, src/tar.h
 * (oldgnu_header, sparse_header).
 *
 * @throws Unreadable where a block of the map cannot be read, and where there are so many that the beginning of the
 *   data is unknown.
 */
export function* readOldMap(
  header: Uint8Array,
  behind: number,
): Reading<{ readonly map: SparseMap | null; readonly data: number }> {
  const pieces: (Piece | null)[] = [];
  let block = header;
  let place: typeof FIRST_ENTRIES | typeof BLOCK_ENTRIES = FIRST_ENTRIES;
  let data = behind;
  for (let blocks = 0; blocks < MOST_PIECES / BLOCK_ENTRIES.count; blocks += 1) {
    pieces.push(...entriesOf(block, place.at, place.count));
    if (block[place.more] === 0) return { map: checkedMap(pieces, numberAt(header, REAL_SIZE, 12), data), data };
    block = yield* readExactly(data, TAR_BLOCK);
    place = BLOCK_ENTRIES;
    data += TAR_BLOCK;
  }
  throw new Unreadable('unsupported', `a sparse map of more than ${MOST_PIECES} pieces`);
}

/** Reads entries up to the first unused one, which is zero or empty. */
function entriesOf(block: Uint8Array, at: number, count: number): readonly (Piece | null)[] {
  const entries: (Piece | null)[] = [];
  for (let index = 0; index < count; index += 1) {
    const place = at + index * ENTRY_LENGTH;
    if (block[place] === 0 || block[place + 12] === 0) break;
    entries.push(pieceOf(numberAt(block, place, 12), numberAt(block, place + 12, 12)));
  }
  return entries;
}

/**
 * Reads the map that GNU tar writes into an extended header (versions 0.0 and 0.1) or before the data (1.0). Returns
 * undefined where the header describes no sparse file, and null where the map is invalid.
 * Source: GNU tar manual, "PAX Format, Version 0.0" to "1.0"; src/sparse.c.
 *
 * @throws Unreadable where a map before the data cannot be read.
 */
export function* readPaxMap(records: PaxRecords, data: number): Reading<SparseMap | null | undefined> {
  if (paxText(records, 'GNU.sparse.major') === '1') {
    return yield* readMapBeforeData(paxNumber(records, 'GNU.sparse.realsize'), data);
  }
  const realSize = paxNumber(records, 'GNU.sparse.size');
  if (realSize === null) return undefined;
  const inOne = paxText(records, 'GNU.sparse.map');
  const numbers =
    inOne === null
      ? records
          .filter(([key]) => key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes')
          .map(([, value]) => value)
      : inOne.split(',');
  return checkedMap(pairsOf(numbers.map(decimal)), realSize, data);
}

/** Reads a map of decimal lines: the number of pieces, then offset and length of each; padding fills its last block. */
function* readMapBeforeData(realSize: number | null, data: number): Reading<SparseMap | null> {
  const numbers: (number | null)[] = [];
  let rest = '';
  let wanted = 1;
  let at = data;
  while (numbers.length < wanted) {
    const block = yield* readUpTo(at, TAR_BLOCK);
    at += TAR_BLOCK;
    const lines = (rest + latin1(block)).split('\n');
    rest = lines.pop() ?? '';
    numbers.push(...lines.map(decimal).slice(0, wanted - numbers.length));
    const [count] = numbers;
    if (block.length < TAR_BLOCK || rest.length > TAR_BLOCK || count === null) return null;
    if (count === undefined || wanted > 1) continue;
    if (count > MOST_PIECES) return null;
    wanted = 1 + 2 * count;
    numbers.push(...lines.slice(1, wanted).map(decimal));
  }
  return checkedMap(pairsOf(numbers.slice(1)), realSize, at);
}

function pairsOf(numbers: readonly (number | null)[]): readonly (Piece | null)[] {
  if (numbers.length > 2 * MOST_PIECES || numbers.length % 2 !== 0) return [null];
  return numbers.flatMap((start, index) => (index % 2 === 0 ? [pieceOf(start, numbers[index + 1] ?? null)] : []));
}

function pieceOf(start: number | null, length: number | null): Piece | null {
  return start === null || length === null ? null : { start, length };
}

/** Returns the map; null unless its pieces are in order, do not overlap and lie within the file. */
function checkedMap(pieces: readonly (Piece | null)[], realSize: number | null, data: number): SparseMap | null {
  if (realSize === null) return null;
  const sound: Piece[] = [];
  let end = 0;
  for (const piece of pieces) {
    if (piece === null || piece.start < end) return null;
    end = piece.start + piece.length;
    if (end > realSize) return null;
    if (piece.length > 0) sound.push(piece);
  }
  return { pieces: sound, realSize, data };
}

/** Runs a reading over the unpacked file, whose holes are zeros. */
export function ofSparse<T>(reading: Reading<T>, { pieces, realSize, data }: SparseMap): Reading<T> {
  return answeredBy(reading, function* (ask) {
    if (ask.kind !== 'read') return yield ask;
    const length = Math.max(0, Math.min(ask.length, realSize - ask.offset));
    const bytes = new Uint8Array(length);
    let stored = data;
    const parts: { readonly to: number; readonly from: number; readonly length: number }[] = [];
    for (const piece of pieces) {
      const start = Math.max(piece.start, ask.offset);
      const end = Math.min(piece.start + piece.length, ask.offset + length);
      if (start < end) parts.push({ to: start - ask.offset, from: stored + start - piece.start, length: end - start });
      stored += piece.length;
    }
    const [first] = parts;
    const last = parts.at(-1);
    if (first === undefined || last === undefined) return bytes;
    // The archive holds the pieces in the order of the file, so one read fetches them all.
    const held = yield* readExactly(first.from, last.from + last.length - first.from);
    for (const part of parts) {
      bytes.set(held.subarray(part.from - first.from, part.from - first.from + part.length), part.to);
    }
    return bytes;
  });
}
