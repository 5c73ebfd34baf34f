import { expand, readUpTo, Unreadable, type Reading } from '../../reading/reading.ts';
import type { BlockMap, BlockPlace, CompressedPlace, StoredPlace } from './block-table.ts';

/** Guest bytes that one call may ask for; bounds the memory and the number of blocks. */
const MOST_AT_ONCE = 1024 * 1024;

/** A gap up to this length between two blocks is read too: that is cheaper than another request. */
const BRIDGED = 64 * 1024;

/**
 * Compressed input may be this much longer than the output that is wanted. Data that does not compress grows by a few
 * bytes in 64 KiB with deflate and zstd; zstd returns whole blocks of up to 128 KiB.
 */
const INPUT_SLACK = 256 * 1024;

/** The part of a block that lies in the wanted range; `from` and `to` count from the beginning of the block. */
interface Piece {
  readonly place: BlockPlace;
  readonly from: number;
  readonly to: number;
  /** Offset in the output. */
  readonly target: number;
  readonly guestOffset: number;
}

/**
 * Reads guest bytes through a map: neighbouring blocks in one request, each compressed piece once, in the order of the
 * file.
 *
 * @param fileSize bytes of the file, null where unknown.
 * @returns bytes [offset, offset + length) of the guest, fewer only at the end of the virtual disk. `Unreadable` where
 *   a block begins at or after the end of the file (never zeros), lies elsewhere or is lost. A block that begins in the
 *   file and ends after it is filled with zeros, as QEMU reads it (block/qcow2.c, a last cluster that was not padded).
 */
export function blockReader(
  map: BlockMap,
  fileSize: number | null,
): (offset: number, length: number) => Reading<Uint8Array> {
  return function* read(offset, length) {
    if (!Number.isSafeInteger(offset) || offset < 0 || !Number.isSafeInteger(length) || length < 0) {
      throw new Unreadable('malformed', `a guest range outside any disk: ${offset}, ${length}`);
    }
    if (length > MOST_AT_ONCE) throw new Unreadable('budget', `${length} guest bytes wanted at once`);
    const end = Math.min(offset + length, map.virtualSize);
    if (end <= offset) return new Uint8Array(0);
    const pieces = (yield* cut(map, offset, end)).filter((piece) => mustBeThere(piece, fileSize));
    const groups = grouped(pieces.flatMap(asStored), isNear);
    const [only] = groups;
    if (only !== undefined && isOneRun(only, end - offset)) {
      const bytes = yield* readGroup(only, fileSize);
      if (bytes.length === end - offset) return bytes;
    }
    const output = new Uint8Array(end - offset);
    for (const group of groups) copy(output, group, yield* readGroup(group, fileSize));
    for (const group of grouped(pieces.flatMap(asCompressed), isSamePiece)) yield* expandInto(output, group);
    return output;
  };
}

function* cut(map: BlockMap, offset: number, end: number): Reading<readonly Piece[]> {
  const first = Math.floor(offset / map.blockSize);
  const count = Math.floor((end - 1) / map.blockSize) - first + 1;
  const places = yield* map.locate(first, count);
  return places.map((place, index) => {
    const guestOffset = (first + index) * map.blockSize;
    const from = Math.max(0, offset - guestOffset);
    return {
      place,
      from,
      to: Math.min(map.blockSize, end - guestOffset),
      target: guestOffset + from - offset,
      guestOffset,
    };
  });
}

/** Whether its bytes must be read; false for zeros. */
function mustBeThere({ place, guestOffset, to }: Piece, fileSize: number | null): boolean {
  if (place.kind === 'zeros') return false;
  if (place.kind === 'lost') throw new Unreadable('malformed', place.why);
  if (place.kind === 'elsewhere') {
    throw new Unreadable('unsupported', `guest offset ${guestOffset} lies in a backing file or parent`);
  }
  if (fileSize !== null && isPastEnd(place, to, fileSize)) throw pastEnd(place.offset, guestOffset);
  return true;
}

/** Whether the first `to` bytes of a block are lost past the end of the file. */
export function isPastEnd(place: StoredPlace | CompressedPlace, to: number, fileSize: number): boolean {
  return place.offset >= fileSize || (place.kind === 'stored' && place.whole === true && place.offset + to > fileSize);
}

function pastEnd(offset: number, guestOffset: number): Unreadable {
  return new Unreadable(
    'truncated',
    `guest offset ${guestOffset} is mapped to file offset ${offset}, past the end of the file`,
  );
}

/** Pieces that must be read; `start` is the file offset of the first wanted byte. */
type StoredPiece = Piece & { readonly place: StoredPlace; readonly start: number };
type CompressedPiece = Piece & { readonly place: CompressedPlace; readonly start: number };

function asStored(piece: Piece): readonly StoredPiece[] {
  const { place } = piece;
  return place.kind === 'stored' ? [{ ...piece, place, start: place.offset + piece.from }] : [];
}

function asCompressed(piece: Piece): readonly CompressedPiece[] {
  const { place } = piece;
  return place.kind === 'compressed' ? [{ ...piece, place, start: place.offset }] : [];
}

type Group<T> = readonly [T, ...T[]];

/** Sorts pieces by file offset and groups those that belong together. */
function grouped<T extends { readonly start: number }>(
  pieces: readonly T[],
  belongs: (piece: T, group: Group<T>) => boolean,
): readonly Group<T>[] {
  const groups: [T, ...T[]][] = [];
  for (const piece of pieces.toSorted((one, other) => one.start - other.start)) {
    const group = groups.at(-1);
    if (group !== undefined && belongs(piece, group)) group.push(piece);
    else groups.push([piece]);
  }
  return groups;
}

/** Stored pieces with gaps of at most `BRIDGED` bytes are read at once. */
function isNear(piece: StoredPiece, group: Group<StoredPiece>): boolean {
  const [first] = group;
  const last = group.at(-1) ?? first;
  return (
    piece.start - (last.place.offset + last.to) <= BRIDGED &&
    piece.place.offset + piece.to - first.start <= MOST_AT_ONCE
  );
}

function isSamePiece({ place }: CompressedPiece, [first]: Group<CompressedPiece>): boolean {
  return place.offset === first.place.offset && place.length === first.place.length;
}

/** Whether the group is the whole wanted range in order, so that nothing must be copied. */
function isOneRun(group: Group<StoredPiece>, length: number): boolean {
  const [{ start }] = group;
  const covered = group.reduce((sum, { from, to }) => sum + to - from, 0);
  return covered === length && group.every((piece) => piece.start - start === piece.target);
}

/** Reads from the first to the last byte of a group, as far as the file goes. */
function* readGroup(group: Group<StoredPiece>, fileSize: number | null): Reading<Uint8Array> {
  const [{ start }] = group;
  const length = Math.max(...group.map(({ place, to }) => place.offset + to)) - start;
  const bytes = yield* readUpTo(start, length);
  const end = fileSize ?? (bytes.length < length ? start + bytes.length : Number.POSITIVE_INFINITY);
  // The size of the file is unknown: it may end before the block.
  if (bytes.length === 0 && fileSize === null) throw pastEnd(start, group[0].guestOffset);
  for (const { place, guestOffset, to } of group) {
    if (isPastEnd(place, to, end)) throw pastEnd(place.offset, guestOffset);
  }
  if (bytes.length < Math.min(length, end - start)) {
    throw new Unreadable('truncated', `${length} bytes wanted at ${start}, ${bytes.length} there`);
  }
  return bytes;
}

function copy(output: Uint8Array, group: Group<StoredPiece>, bytes: Uint8Array): void {
  const [{ start }] = group;
  for (const piece of group) {
    output.set(bytes.subarray(piece.start - start, piece.place.offset + piece.to - start), piece.target);
  }
}

function* expandInto(output: Uint8Array, group: Group<CompressedPiece>): Reading<void> {
  const [{ place, guestOffset }] = group;
  if (place.length === 0) {
    throw new Unreadable('malformed', `guest offset ${guestOffset} is mapped to no compressed bytes`);
  }
  const wanted = Math.max(...group.map(({ place, to }) => place.skip + to));
  const input = yield* readUpTo(place.offset, Math.min(place.length, wanted + INPUT_SLACK));
  if (input.length === 0) throw pastEnd(place.offset, guestOffset);
  const bytes = yield* expand(place.compression, input, wanted);
  if (bytes.length < wanted && place.shortfall === 'lost') {
    throw new Unreadable('malformed', `guest offset ${guestOffset}: compressed bytes expand to less than their block`);
  }
  for (const { place, from, to, target } of group) {
    output.set(bytes.subarray(place.skip + from, place.skip + to), target);
  }
}
