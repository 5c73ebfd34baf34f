import { fieldsOf } from '../../reading/fields.ts';
import { readUpTo, type Reading, Unreadable } from '../../reading/reading.ts';
import { type BlockPlace, type BlockMap, lostTable, twoLevelMap } from '../format/block-table.ts';
import { FLAG, hasFlag, isCompressed, SECTOR, type SparseHeader } from './sparse-header.ts';

/** Length of sector number and size before a compressed grain (VMware, "Virtual Disk Format 5.0", "Grain Marker"). */
const GRAIN_MARKER_LENGTH = 12;

export interface ExpectedGrain {
  /** First sector of the grain in the guest. */
  readonly lba: number;
  readonly grainBytes: number;
  readonly fileSize: number | null;
}

/** Place of the compressed grain behind the marker at a file offset. */
export function* readGrainMarker(offset: number, expected: ExpectedGrain): Reading<BlockPlace> {
  const marker = fieldsOf(yield* readUpTo(offset, GRAIN_MARKER_LENGTH));
  if (!marker.has(0, GRAIN_MARKER_LENGTH)) {
    return { kind: 'lost', code: 'DATA_OUT_OF_BOUNDS', at: offset, why: 'a grain is mapped past the end of the file' };
  }
  if (marker.u64le(0) !== BigInt(expected.lba)) {
    return { kind: 'lost', code: 'DATA_OUT_OF_BOUNDS', at: offset, why: 'a grain marker is that of another grain' };
  }
  return compressedGrain(offset, marker.u32le(8), expected);
}

/** A grain of `length` compressed bytes behind the marker at `offset`. */
export function compressedGrain(
  offset: number,
  length: number,
  { grainBytes, fileSize }: Pick<ExpectedGrain, 'grainBytes' | 'fileSize'>,
): BlockPlace {
  const start = offset + GRAIN_MARKER_LENGTH;
  // What QEMU reads at most (block/vmdk.c, vmdk_read_extent).
  if (length === 0 || length > 2 * grainBytes) {
    const why = `a grain of ${length} compressed bytes for ${grainBytes}`;
    return { kind: 'lost', code: 'DECOMPRESSION_BOMB', at: offset, why };
  }
  if (fileSize !== null && start + length > fileSize) {
    return {
      kind: 'lost',
      code: 'DATA_OUT_OF_BOUNDS',
      at: offset,
      why: 'a compressed grain ends past the end of the file',
    };
  }
  return { kind: 'compressed', compression: 'zlib', offset: start, length, skip: 0, shortfall: 'lost' };
}

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
  /** Place of a grain by its table entry, which lies at file offset `at`; a reading where its marker must be read. */
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

/** Length of a metadata marker: number of sectors that follow, zero (where a grain has its length), type. */
const MARKER_LENGTH = 16;
const END_OF_STREAM = 0;

/** Bound on the markers that are read. The beginning of a disk is nine grains at most. */
const MOST_MARKERS = 4096;

/**
 * Maps a stream-optimized extent without its directory: reads the markers forward from the first. Grains lie in guest
 * order, so a grain that did not come before a later one is unallocated (VMware, "Virtual Disk Format 5.0",
 * "Stream-Optimized Compressed Sparse Extents").
 */
export function streamMap(header: SparseHeader, unallocated: Unallocated): BlockMap {
  const grainBytes = Number(header.grainSize) * SECTOR;
  const seen = new Map<number, BlockPlace>();
  let position = Number(header.overhead) * SECTOR;
  let passed = 0;
  let latest = -1;
  let ended = false;

  function* step(): Reading<void> {
    if (passed >= MOST_MARKERS) throw new Unreadable('budget', `${MOST_MARKERS} grain markers were read`);
    const marker = fieldsOf(yield* readUpTo(position, MARKER_LENGTH));
    if (!marker.has(0, MARKER_LENGTH)) throw new Unreadable('truncated', `the stream of grains ends at ${position}`);
    passed += 1;
    const [value, length] = [marker.u64le(0), marker.u32le(8)];
    if (length === 0) {
      if (marker.u32le(12) === END_OF_STREAM) ended = true;
      if (value > header.capacity) throw new Unreadable('malformed', `metadata of ${value} sectors`);
      position += SECTOR + Number(value) * SECTOR;
      return;
    }
    if (value >= header.capacity || value % header.grainSize !== 0n || Number(value / header.grainSize) <= latest) {
      throw new Unreadable('malformed', `a grain marker out of order at ${position}`);
    }
    latest = Number(value / header.grainSize);
    seen.set(latest, compressedGrain(position, length, { grainBytes, fileSize: null }));
    position += Math.ceil((GRAIN_MARKER_LENGTH + length) / SECTOR) * SECTOR;
  }

  return {
    blockSize: grainBytes,
    virtualSize: Number(header.capacity) * SECTOR,
    locate: function* locate(first, count) {
      while (!ended && latest < first + count - 1) yield* step();
      return Array.from({ length: count }, (_, index) => seen.get(first + index) ?? unallocated);
    },
  };
}
