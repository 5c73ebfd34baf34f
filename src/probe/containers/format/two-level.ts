import type { Fields } from '../../reading/fields.ts';
import type { Reading } from '../../reading/reading.ts';
import type { BlockPlace } from './block-map.ts';
import { readEntries } from './block-table.ts';

/** A directory of tables (L1 and L2 tables, grain directory and tables). */
export interface TwoLevelTables {
  readonly directoryOffset: number;
  /** Bytes of a directory entry. */
  readonly directoryWidth: number;
  readonly entriesPerTable: number;
  /** Bytes of a table entry. */
  readonly entryWidth: number;
  readonly blocksPerEntry: number;
  /** What the directory entry at `offset` of `directory` says: the file offset of its table, or one place for all its blocks. `at`: file offset of the entry. */
  readonly tableOf: (directory: Fields, offset: number, at: number) => number | BlockPlace;
  /** Places of the `blocksPerEntry` blocks of the table entry at `offset` of `table`; `at` as above. */
  readonly placesOf: (table: Fields, offset: number, at: number) => readonly BlockPlace[];
}

/** Places of the blocks of the entries [first, first + count), counted through all tables: one request for the directory, one for each table. */
export function* twoLevelPlaces(tables: TwoLevelTables, first: number, count: number): Reading<readonly BlockPlace[]> {
  const { directoryOffset, directoryWidth, entriesPerTable } = tables;
  const firstTable = Math.floor(first / entriesPerTable);
  const tableCount = Math.floor((first + count - 1) / entriesPerTable) - firstTable + 1;
  const directory = yield* readEntries(directoryOffset, firstTable, tableCount, directoryWidth);
  const places: BlockPlace[] = [];
  for (let index = 0; index < tableCount; index += 1) {
    const start = (firstTable + index) * entriesPerTable;
    const from = Math.max(first, start) - start;
    const to = Math.min(first + count, start + entriesPerTable) - start;
    const at = directoryOffset + (firstTable + index) * directoryWidth;
    const table = directory.has(index * directoryWidth, directoryWidth)
      ? tables.tableOf(directory, index * directoryWidth, at)
      : outside(at);
    places.push(...(yield* placesOfTable(tables, table, at, from, to - from)));
  }
  return places;
}

function* placesOfTable(
  tables: TwoLevelTables,
  table: number | BlockPlace,
  directoryAt: number,
  first: number,
  count: number,
): Reading<readonly BlockPlace[]> {
  const { blocksPerEntry, entryWidth, placesOf } = tables;
  if (typeof table !== 'number') return Array.from({ length: count * blocksPerEntry }, () => table);
  const entries = yield* readEntries(table, first, count, entryWidth);
  const places: BlockPlace[] = [];
  for (let index = 0; index < count; index += 1) {
    const offset = index * entryWidth;
    const there = entries.has(offset, entryWidth);
    if (there) places.push(...placesOf(entries, offset, table + first * entryWidth + offset));
    else places.push(...Array.from({ length: blocksPerEntry }, () => outside(directoryAt)));
  }
  return places;
}

function outside(at: number): BlockPlace {
  return {
    kind: 'lost',
    code: 'TABLE_OUT_OF_BOUNDS',
    at,
    why: 'a table of the block map lies past the end of the file',
  };
}
