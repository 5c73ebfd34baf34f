import { Unreadable, type Reading } from '../../reading/reading.ts';
import type { BlockMap, BlockPlace } from '../format/block-map.ts';
import { readEntries } from '../format/block-table.ts';
import { readGrainMarker } from './marker.ts';
import { FLAG, hasFlag, isCompressed, SECTOR, type SparseHeader } from './sparse-header.ts';

/** What an entry of zero means. */
export type Unallocated = { readonly kind: 'zeros' | 'elsewhere' };

/** An entry of a zeroed grain, where the header allows such. */
const ZEROED = 1;

/**
 * Grains by directory and tables of 32-bit sector numbers.
 *
 * @param directory file offset of the grain directory in bytes, all of which lies in the file.
 */
export function grainMap(
  header: SparseHeader,
  directory: number,
  fileSize: number | null,
  unallocated: Unallocated,
): BlockMap {
  const grainBytes = Number(header.grainSize) * SECTOR;
  const locateGrain = (sector: number, grain: number, at: number): BlockPlace | Reading<BlockPlace> => {
    if (sector === 0) return unallocated;
    if (sector === ZEROED) {
      return hasFlag(header, FLAG.zeroedGrains)
        ? { kind: 'zeros' }
        : { kind: 'lost', code: 'DATA_OUT_OF_BOUNDS', at, why: 'a grain lies over the descriptor' };
    }
    const offset = sector * SECTOR;
    if (!isCompressed(header)) return { kind: 'stored', offset, whole: true };
    if (hasFlag(header, FLAG.markers)) {
      return readGrainMarker(offset, { lba: grain * Number(header.grainSize), grainBytes, fileSize });
    }
    // Without markers nothing says how long the deflated grain is; it ends by itself.
    return { kind: 'compressed', compression: 'zlib', offset, length: 2 * grainBytes, skip: 0, shortfall: 'lost' };
  };
  return {
    blockSize: grainBytes,
    virtualSize: Number(header.capacity) * SECTOR,
    locate: (first, count) =>
      locateByTables({ directory, entriesPerTable: header.entriesPerTable, unallocated, locateGrain }, first, count),
  };
}

export interface GrainTables {
  readonly directory: number;
  readonly entriesPerTable: number;
  readonly unallocated: Unallocated;
  /** Place of a grain from its table entry, which lies at file offset `at`, or a look at what the entry leads to. */
  readonly locateGrain: (entry: number, grain: number, at: number) => BlockPlace | Reading<BlockPlace>;
}

/** Walks directory and tables of 32-bit little-endian sector numbers. */
export function* locateByTables(tables: GrainTables, first: number, count: number): Reading<readonly BlockPlace[]> {
  const { directory, entriesPerTable } = tables;
  const firstTable = Math.floor(first / entriesPerTable);
  const lastTable = Math.floor((first + count - 1) / entriesPerTable);
  const entries = yield* readEntries(directory, firstTable, lastTable - firstTable + 1, 4);
  const places: BlockPlace[] = [];
  for (let table = firstTable; table <= lastTable; table += 1) {
    const start = table * entriesPerTable;
    const from = Math.max(first, start) - start;
    const to = Math.min(first + count, start + entriesPerTable) - start;
    const index = (table - firstTable) * 4;
    const sector = entries.has(index, 4) ? entries.u32le(index) : null;
    places.push(...(yield* locateInTable(tables, sector, { start, from, to })));
  }
  return places;
}

function* locateInTable(
  { unallocated, locateGrain, directory }: GrainTables,
  sector: number | null,
  { start, from, to }: { readonly start: number; readonly from: number; readonly to: number },
): Reading<readonly BlockPlace[]> {
  const all = (place: BlockPlace): BlockPlace[] => Array.from({ length: to - from }, () => place);
  if (sector === null) return all(lostTable(directory, 'the grain directory is cut short'));
  if (sector === 0) return all(unallocated);
  const offset = sector * SECTOR;
  const table = yield* readEntries(offset, from, to - from, 4);
  const places: BlockPlace[] = [];
  for (let index = 0; index < to - from; index += 1) {
    const at = offset + (from + index) * 4;
    if (!table.has(index * 4, 4)) {
      places.push(lostTable(at, 'a grain table past the end of the file'));
      continue;
    }
    const located = locateGrain(table.u32le(index * 4), start + from + index, at);
    places.push('kind' in located ? located : yield* unreadableIsLost(located, at));
  }
  return places;
}

function lostTable(at: number, why: string): BlockPlace {
  return { kind: 'lost', code: 'TABLE_OUT_OF_BOUNDS', at, why };
}

/** A grain that cannot be placed must not take its neighbours along. */
function* unreadableIsLost(reading: Reading<BlockPlace>, at: number): Reading<BlockPlace> {
  try {
    return yield* reading;
  } catch (error) {
    if (!(error instanceof Unreadable) || error.reason === 'budget' || error.reason === 'no-random-access') throw error;
    return { kind: 'lost', code: 'DATA_OUT_OF_BOUNDS', at, why: error.message };
  }
}
