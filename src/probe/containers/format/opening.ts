import type { SafetyCode } from '../../../model/safety.ts';
import type { ByteEvidence } from '../../../model/verdict.ts';
import type { ContainerType } from '../../../model/vocabulary.ts';
import { type FileHead, WINDOW_LENGTH } from '../../reading/fields.ts';
import { type Reading, attempted, Unreadable, type UnreadableReason } from '../../reading/reading.ts';
import type { BlockMap, BlockPlace } from './block-table.ts';
import { blockReader, isPastEnd } from './block-reader.ts';

/** How guest bytes are read. */
export type GuestAccess =
  | {
      readonly kind: 'mapped';
      /**
       * Reads guest bytes [offset, offset + length), fewer only at the end of the virtual disk; unallocated blocks are
       * zeros. Throws `Unreadable` where a block lies outside the file (never zeros: a lost block must not look blank).
       */
      readonly read: (offset: number, length: number) => Reading<Uint8Array>;
      /** `stale`: the image is marked as open or has a log to replay; its content is `likely` at most. */
      readonly tables: 'sound' | 'stale';
    }
  /** The content cannot be read; `why` for a person: `encrypted`, `needs a parent file`, `malformed header`. */
  | { readonly kind: 'closed'; readonly why: string };

export interface OpenedContainer {
  readonly containerType: ContainerType;
  /** Size of the virtual disk in bytes; null where unknown. */
  readonly virtualSize: number | null;
  /** Logical sector size of the guest, 512 or 4096. */
  readonly sectorSize: number;
  readonly evidence: readonly ByteEvidence[];
  readonly safety: readonly SafetyCode[];
  readonly guest: GuestAccess;
  /** Whether guest data lies at an offset of the file, by the beginning of its map; absent where there is no map. */
  readonly holds?: (offset: number) => Reading<boolean>;
}

/** Bytes at a fixed place that identify a format; a string means its Latin-1 bytes. */
export interface Magic {
  readonly offset: number;
  readonly bytes: string;
}

/** One container format. Names in the file (backing files, extents, parents) are never followed, kept or printed. */
export interface ContainerFormat {
  readonly containerType: ContainerType;
  /**
   * Every file of the format has one of these, unless `recognise` finds it by a second header. Empty where a file of
   * the format may begin with anything: a text, the guest itself.
   */
  readonly magics: readonly Magic[];
  /** The sign of this format in the head, or null; pure and cheap. What follows the magic may still be malformed. */
  readonly recognise: (file: FileHead) => ByteEvidence | null;
  /**
   * Reads the header and the first tables of the map. Only called after `recognise`. A header that breaks the rules of
   * its format leads to `closed` and safety codes; only reads throw `Unreadable`.
   */
  readonly open: (file: FileHead) => Reading<OpenedContainer>;
}

/** Bound on what an image can make a report say. */
const MOST_EVIDENCE = 24;

/** What a container format notes while it reads its header. */
export class Observations {
  map: BlockMap | null = null;
  readonly #evidence: ByteEvidence[] = [];
  readonly #safety = new Set<SafetyCode>();

  /** Notes something seen at a file offset; `detail` is plain ASCII and holds nothing from the image but numbers. */
  saw(offset: number, detail: string): void {
    const isKnown = this.#evidence.some((entry) => entry.offset === offset && entry.detail === detail);
    if (!isKnown && this.#evidence.length < MOST_EVIDENCE) this.#evidence.push({ offset, detail });
  }

  /** The same, with the safety code that it means. */
  warn(code: SafetyCode, offset: number, detail: string): void {
    this.#safety.add(code);
    this.saw(offset, detail);
  }

  evidence(): readonly ByteEvidence[] {
    return [...this.#evidence];
  }

  /** Sorted, without repeats. */
  safety(): readonly SafetyCode[] {
    return [...this.#safety].sort();
  }
}

/** The result of reading a header; what was seen on the way goes to `Observations`. */
export interface Inspected {
  readonly virtualSize: number | null;
  readonly sectorSize: number;
  readonly guest: GuestAccess;
}

const CODE_OF: Partial<Record<UnreadableReason, SafetyCode>> = {
  malformed: 'MALFORMED_HEADER',
  truncated: 'TRUNCATED',
};

/**
 * Makes the `open` of a format from a reading of its header. That reading may throw `Unreadable` where a field breaks
 * the rules: then the guest is closed, with the safety code of the reason.
 */
export function openingWith(
  containerType: ContainerType,
  inspect: (file: FileHead, notes: Observations) => Reading<Inspected>,
): ContainerFormat['open'] {
  return function* open(file) {
    const notes = new Observations();
    const inspected = yield* inspectSafely(inspect, file, notes);
    const { map } = notes;
    const opened = { containerType, ...inspected, evidence: notes.evidence(), safety: notes.safety() };
    return map === null ? opened : { ...opened, holds: holderOf(map) };
  };
}

function* inspectSafely(
  inspect: (file: FileHead, notes: Observations) => Reading<Inspected>,
  file: FileHead,
  notes: Observations,
): Reading<Inspected> {
  try {
    return yield* inspect(file, notes);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const code = CODE_OF[error.reason];
    if (code !== undefined) notes.warn(code, 0, error.message);
    return closed(null, code === undefined ? error.message : `${error.reason} header`);
  }
}

/** A container whose guest cannot be read. */
export function closed(virtualSize: number | null, why: string): Inspected {
  return { virtualSize, sectorSize: 512, guest: { kind: 'closed', why } };
}

interface Mapping {
  /** Default `sound`. */
  readonly tables?: 'sound' | 'stale';
  /** Default 512. */
  readonly sectorSize?: number;
  /** The file that holds the blocks which are not in this one; default `a backing file`. */
  readonly rest?: 'a backing file' | 'a parent file';
}

/**
 * Opens a guest behind a map. The first `WINDOW_LENGTH` guest bytes are located at once, so that broken tables and
 * blocks outside the file are noted with their codes before anything is read. If the first block lies elsewhere, the
 * guest is closed: nothing can be said about it.
 */
export function* mapped(
  map: BlockMap,
  file: FileHead,
  notes: Observations,
  { tables = 'sound', sectorSize = 512, rest = 'a backing file' }: Mapping = {},
): Reading<Inspected> {
  notes.map = map;
  const places = yield* survey(map);
  for (const [index, place] of places.entries()) note(place, index * map.blockSize, map, file.size, notes);
  const guest: GuestAccess =
    places[0]?.kind === 'elsewhere'
      ? { kind: 'closed', why: `needs ${rest}` }
      : { kind: 'mapped', read: blockReader(map, file.size), tables };
  return { virtualSize: map.virtualSize, sectorSize, guest };
}

/** Blocks of the guest that are searched for an offset of the file: a few tables of any format. */
const SEARCHED = 1024;

/** Whether exactly one block lies at an offset of the file. A sound map gives no place to two blocks. */
function holderOf(map: BlockMap): Exclude<OpenedContainer['holds'], undefined> {
  return function* holds(offset) {
    const near = yield* survey(map);
    // Locating a compressed block may cost a request.
    const isCompressed = near.some(({ kind }) => kind === 'compressed');
    const places = isCompressed
      ? near
      : yield* located(map, Math.min(SEARCHED, Math.ceil(map.virtualSize / map.blockSize)));
    return places.filter((place) => covers(place, offset, map.blockSize)).length === 1;
  };
}

function covers(place: BlockPlace, offset: number, blockSize: number): boolean {
  if (place.kind !== 'stored' && place.kind !== 'compressed') return false;
  const length = place.kind === 'stored' ? blockSize : place.length;
  return offset >= place.offset && offset < place.offset + length;
}

function* survey(map: BlockMap): Reading<readonly BlockPlace[]> {
  const window = Math.min(WINDOW_LENGTH, map.virtualSize);
  return yield* located(map, Math.ceil(window / map.blockSize));
}

function* located(map: BlockMap, count: number): Reading<readonly BlockPlace[]> {
  if (count === 0) return [];
  // Where a table is out of reach (a stream, a budget), reading the guest fails in the same way and reports it.
  return (yield* attempted(map.locate(0, count))) ?? [];
}

function note(place: BlockPlace, guestOffset: number, map: BlockMap, size: number | null, notes: Observations): void {
  if (place.kind === 'lost') return notes.warn(place.code, place.at, place.why);
  if (place.kind !== 'stored' && place.kind !== 'compressed') return;
  const wanted = Math.min(map.blockSize, Math.min(WINDOW_LENGTH, map.virtualSize) - guestOffset);
  if (size !== null && isPastEnd(place, wanted, size)) {
    notes.warn('DATA_OUT_OF_BOUNDS', place.offset, `guest offset ${guestOffset} is mapped past the end of the file`);
  } else if (guestOffset === 0) {
    notes.saw(place.offset, place.kind === 'stored' ? 'guest offset 0' : 'guest offset 0, compressed');
  }
}
