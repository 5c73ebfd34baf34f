import { Unreadable, type Reading } from '../../reading/reading.ts';
import type { BlockMap, BlockPlace } from '../format/block-map.ts';
import { lostTable, twoLevelMap } from '../format/block-table.ts';
import { readGrainMarker } from './grain-marker.ts';
import { FLAG, hasFlag, isCompressed, SECTOR, type SparseHeader } from './sparse-header.ts';

/** What an entry of zero means. */
export type Unallocated = { readonly kind: 'zeros' | 'elsewhere' };

/** Table entry of a zeroed grain, where the header allows it. */
const ZEROED = 1;

/**
 * Maps the grains of a hosted sparse extent: the grain directory names grain tables, whose entries are sector numbers.
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
    // Without markers the length of the deflated grain is unknown; the stream itself shows its end.
    return { kind: 'compressed', compression: 'zlib', offset, length: 2 * grainBytes, skip: 0, shortfall: 'lost' };
  };
  return tabledGrains({
    directory,
    entriesPerTable: header.entriesPerTable,
    grainBytes,
    virtualSize: Number(header.capacity) * SECTOR,
    unallocated,
    locateGrain,
  });
}

/** A disk of grains behind a directory and tables of 32-bit little-endian sector numbers. */
export interface GrainTables {
  /** File offset of the grain directory in bytes. */
  readonly directory: number;
  readonly entriesPerTable: number;
  readonly grainBytes: number;
  readonly virtualSize: number;
  readonly unallocated: Unallocated;
  /**
   * Place of a grain by its table entry, which lies at file offset `at`; a reading where the marker of the grain must
   * be read.
   */
  readonly locateGrain: (entry: number, grain: number, at: number) => BlockPlace | Reading<BlockPlace>;
}

export function tabledGrains(disk: GrainTables): BlockMap {
  const { directory, entriesPerTable, grainBytes, virtualSize, unallocated, locateGrain } = disk;
  return twoLevelMap({
    blockSize: grainBytes,
    virtualSize,
    directoryOffset: directory,
    directoryWidth: 4,
    entriesPerTable,
    entryWidth: 4,
    tableOf: (entries, offset) => {
      const sector = entries.u32le(offset);
      return sector === 0 ? unallocated : sector * SECTOR;
    },
    placesOf: (entries, offset, at, grain) => {
      const place = locateGrain(entries.u32le(offset), grain, at);
      return 'kind' in place ? [place] : unreadableIsLost(place, at);
    },
    whenCut: (where) =>
      where.kind === 'directory'
        ? lostTable(directory, 'the grain directory is cut short')
        : lostTable(where.entry, 'a grain table past the end of the file'),
  });
}

/** A grain that cannot be located must not lose its neighbours. */
function* unreadableIsLost(reading: Reading<BlockPlace>, at: number): Reading<readonly BlockPlace[]> {
  try {
    return [yield* reading];
  } catch (error) {
    if (!(error instanceof Unreadable) || error.reason === 'budget' || error.reason === 'no-random-access') throw error;
    return [{ kind: 'lost', code: 'DATA_OUT_OF_BOUNDS', at, why: error.message }];
  }
}
