import type { Reading } from '../reading/reading.ts';
import type { BlockMap, BlockPlace } from './format/block-map.ts';
import { malformedEntry, offsetOrLost } from './format/block-table.ts';
import { twoLevelPlaces, type TwoLevelTables } from './format/two-level.ts';

export interface QedLayout {
  readonly virtualSize: number;
  readonly clusterSize: number;
  /** Entries of an L1 or L2 table. */
  readonly perTable: number;
  /** Bytes of the header clusters: nothing else lies there. */
  readonly headerLength: number;
  readonly l1Offset: number;
  readonly unallocated: BlockPlace;
}

const UNALLOCATED = 0n;
const ZEROS = 1n;

/** Map of a QED disk: entries of both tables are little-endian offsets (QEMU docs/interop/qed_spec.txt, "Tables"). */
export function qedMap(layout: QedLayout): BlockMap {
  const tables: TwoLevelTables = {
    directoryOffset: layout.l1Offset,
    directoryWidth: 8,
    entriesPerTable: layout.perTable,
    entryWidth: 8,
    blocksPerEntry: 1,
    tableOf: (l1, offset, at) => {
      const entry = l1.u64le(offset);
      if (entry === UNALLOCATED) return layout.unallocated;
      if (isClusterOffset(entry, layout)) return offsetOrLost(entry, 'TABLE_OUT_OF_BOUNDS', at);
      return malformedEntry(at, 'L2 table in the header or not at a cluster boundary');
    },
    placesOf: (l2, offset, at) => [placeOfCluster(l2.u64le(offset), at, layout)],
  };
  return {
    blockSize: layout.clusterSize,
    virtualSize: layout.virtualSize,
    locate: (first, count): Reading<readonly BlockPlace[]> => twoLevelPlaces(tables, first, count),
  };
}

function placeOfCluster(entry: bigint, at: number, layout: QedLayout): BlockPlace {
  if (entry === UNALLOCATED) return layout.unallocated;
  if (entry === ZEROS) return { kind: 'zeros' };
  if (!isClusterOffset(entry, layout)) {
    return malformedEntry(at, 'cluster in the header or not at a cluster boundary');
  }
  const offset = offsetOrLost(entry, 'DATA_OUT_OF_BOUNDS', at);
  return typeof offset === 'number' ? { kind: 'stored', offset } : offset;
}

function isClusterOffset(offset: bigint, { clusterSize, headerLength }: QedLayout): boolean {
  return offset >= BigInt(headerLength) && offset % BigInt(clusterSize) === 0n;
}
