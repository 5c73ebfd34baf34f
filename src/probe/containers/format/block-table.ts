import type { SafetyCode } from '../../../model/safety.ts';
import { type Compression, type Reading, readUpTo } from '../../reading/reading.ts';
import { fieldsOf, type Fields } from '../../reading/fields.ts';

/** Where one block of the guest lies. */
export type BlockPlace =
  | { readonly kind: 'zeros' }
  /** In a parent or backing file, which is never opened. */
  | { readonly kind: 'elsewhere' }
  /** Uncompressed, at `offset` of the file. */
  | StoredPlace
  | CompressedPlace
  /**
   * Its table or its place is broken, as `code` and `why` say; `at` is the file offset of the evidence. `why` holds
   * nothing from the image but numbers.
   */
  | { readonly kind: 'lost'; readonly code: SafetyCode; readonly at: number; readonly why: string };

export interface StoredPlace {
  readonly kind: 'stored';
  readonly offset: number;
  /** The format always writes whole blocks, so bytes past the end of the file are lost; otherwise they are zeros. */
  readonly whole?: true;
}

export interface CompressedPlace {
  readonly kind: 'compressed';
  readonly compression: Compression;
  /** File offset of the compressed bytes, and how many there are at most. */
  readonly offset: number;
  readonly length: number;
  /** Offset of the block in the plaintext; above 0 where one compressed piece holds several blocks. */
  readonly skip: number;
  /** What is missing where the plaintext is shorter than the block. */
  readonly shortfall: 'zeros' | 'lost';
}

/** A virtual disk cut into blocks of one size. */
export interface BlockMap {
  /** Guest bytes in a block, 512 at least. */
  readonly blockSize: number;
  /** Guest bytes in all, below 2^53. */
  readonly virtualSize: number;
  /**
   * Places of the blocks [first, first + count): exactly `count`, in order. Reads table entries only, neighbours in one
   * request. A broken table gives `lost` and throws nothing.
   */
  readonly locate: (first: number, count: number) => Reading<readonly BlockPlace[]>;
}

/** Offsets from 2^52 on count as lost: no file is longer, and sums with lengths stay exact below. */
const MOST_OFFSET = 2n ** 52n;

/**
 * Reads the entries [first, first + count) of a table of `width`-byte entries at a file offset, in one request. The
 * answer is shorter where the file ends: ask `has` before using an entry.
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

/** A block that is lost because its format forbids the table entry. */
export function malformedEntry(at: number, why: string): BlockPlace {
  return { kind: 'lost', code: 'MALFORMED_HEADER', at, why };
}

/** A block that is lost because its table ends early or lies outside the file. */
export function lostTable(at: number, why: string): BlockPlace {
  return { kind: 'lost', code: 'TABLE_OUT_OF_BOUNDS', at, why };
}

/** One place for each of `count` blocks. */
export function repeated(place: BlockPlace, count: number): readonly BlockPlace[] {
  return Array.from({ length: count }, () => place);
}

/** The blocks [from, to) of one table, counted from the beginning of that table. */
export interface TablePart {
  readonly table: number;
  readonly from: number;
  readonly to: number;
}

/** Cuts the blocks [first, first + count) into one part for each table of `perTable` blocks, in order. */
export function partsByTable(first: number, count: number, perTable: number): readonly TablePart[] {
  const firstTable = Math.floor(first / perTable);
  const tables = Math.floor((first + count - 1) / perTable) - firstTable + 1;
  return Array.from({ length: tables }, (_, index) => {
    const table = firstTable + index;
    const start = table * perTable;
    return {
      table,
      from: Math.max(first, start) - start,
      to: Math.min(first + count, start + perTable) - start,
    };
  });
}

/** One table with an entry for each block. */
export interface OneTable<Place> {
  /** File offset. */
  readonly offset: number;
  /** Bytes of an entry. */
  readonly width: number;
  /** Reads the entry at `offset` of `entries`; `at` is its file offset. */
  readonly placeOf: (entries: Fields, offset: number, at: number) => Place;
  /** Why a block is lost if its entry lies past the end of the file. */
  readonly whenCut: string;
}

/** Places of the blocks [first, first + count) by one table, in one request. */
export function* oneLevelPlaces<Place>(
  { offset, width, placeOf, whenCut }: OneTable<Place>,
  first: number,
  count: number,
): Reading<readonly (Place | BlockPlace)[]> {
  const entries = yield* readEntries(offset, first, count, width);
  return Array.from({ length: count }, (_, index) => {
    const at = offset + (first + index) * width;
    return entries.has(index * width, width) ? placeOf(entries, index * width, at) : lostTable(at, whenCut);
  });
}

/** A disk mapped by a directory of tables: L1 and L2 tables, grain directory and grain tables. */
export interface TwoLevelTables {
  /** Guest bytes in a block and in all. */
  readonly blockSize: number;
  readonly virtualSize: number;
  readonly directoryOffset: number;
  readonly directoryWidth: number;
  readonly entriesPerTable: number;
  readonly entryWidth: number;
  /** Default 1. */
  readonly blocksPerEntry?: number;
  /**
   * Reads the directory entry at `offset` of `directory`: the file offset of its table, or one place for all blocks of
   * that table. `at`: file offset of the entry.
   */
  readonly tableOf: (directory: Fields, offset: number, at: number) => number | BlockPlace;
  /** Places of the `blocksPerEntry` blocks of the table entry at `offset` of `table`, the `entry`-th of all tables. */
  readonly placesOf: (
    table: Fields,
    offset: number,
    at: number,
    entry: number,
  ) => readonly BlockPlace[] | Reading<readonly BlockPlace[]>;
  /** Places of blocks whose entry lies past the end of the file; default: lost, evidence the directory entry. */
  readonly whenCut?: (where: CutEntry) => BlockPlace;
}

/** An entry past the end of the file; all are file offsets. */
type CutEntry =
  | { readonly kind: 'directory'; readonly directoryEntry: number }
  | { readonly kind: 'table'; readonly directoryEntry: number; readonly table: number; readonly entry: number };

/** A map that reads the directory in one request and each table in one more. */
export function twoLevelMap(tables: TwoLevelTables): BlockMap {
  const { blockSize, virtualSize, blocksPerEntry = 1 } = tables;
  return {
    blockSize,
    virtualSize,
    locate: function* locate(first, count) {
      const firstEntry = Math.floor(first / blocksPerEntry);
      const lastEntry = Math.floor((first + count - 1) / blocksPerEntry);
      const places = yield* placesOfEntries(tables, firstEntry, lastEntry - firstEntry + 1);
      const skipped = first - firstEntry * blocksPerEntry;
      return blocksPerEntry === 1 ? places : places.slice(skipped, skipped + count);
    },
  };
}

/** Places of all blocks of the entries [first, first + count), counted through all tables. */
function* placesOfEntries(tables: TwoLevelTables, first: number, count: number): Reading<readonly BlockPlace[]> {
  const { directoryOffset, directoryWidth, entriesPerTable, blocksPerEntry = 1, tableOf, whenCut = cutTable } = tables;
  const parts = partsByTable(first, count, entriesPerTable);
  const directory = yield* readEntries(directoryOffset, parts[0]?.table ?? 0, parts.length, directoryWidth);
  const places: BlockPlace[] = [];
  for (const [index, part] of parts.entries()) {
    const at = directoryOffset + part.table * directoryWidth;
    const table = directory.has(index * directoryWidth, directoryWidth)
      ? tableOf(directory, index * directoryWidth, at)
      : whenCut({ kind: 'directory', directoryEntry: at });
    if (typeof table === 'number') places.push(...(yield* placesInTable(tables, table, part, at)));
    else places.push(...repeated(table, (part.to - part.from) * blocksPerEntry));
  }
  return places;
}

function* placesInTable(
  { entriesPerTable, blocksPerEntry = 1, entryWidth, placesOf, whenCut = cutTable }: TwoLevelTables,
  table: number,
  part: TablePart,
  directoryEntry: number,
): Reading<readonly BlockPlace[]> {
  const entries = yield* readEntries(table, part.from, part.to - part.from, entryWidth);
  const places: BlockPlace[] = [];
  for (let number = part.from; number < part.to; number += 1) {
    const offset = (number - part.from) * entryWidth;
    const at = table + number * entryWidth;
    if (!entries.has(offset, entryWidth)) {
      places.push(...repeated(whenCut({ kind: 'table', directoryEntry, table, entry: at }), blocksPerEntry));
      continue;
    }
    const found = placesOf(entries, offset, at, part.table * entriesPerTable + number);
    places.push(...('length' in found ? found : yield* found));
  }
  return places;
}

function cutTable({ directoryEntry }: CutEntry): BlockPlace {
  return lostTable(directoryEntry, 'a table of the block map lies past the end of the file');
}
