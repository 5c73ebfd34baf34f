import type { Reading } from '../reading/reading.ts';
import type { BlockMap, BlockPlace } from './format/block-map.ts';
import { offsetOrLost } from './format/block-table.ts';
import { twoLevelPlaces, type TwoLevelTables } from './format/two-level.ts';

export interface QcowLayout {
  readonly virtualSize: number;
  readonly clusterBits: number;
  /** Entries of an L2 table. */
  readonly perTable: number;
  readonly l1Offset: number;
  readonly unallocated: BlockPlace;
}

const COMPRESSED = 1n << 63n;

/** Map of a qcow version 1 disk: entries of both tables are plain big-endian offsets, 0 for none (QEMU block/qcow.c). */
export function qcowMap(layout: QcowLayout): BlockMap {
  const tables: TwoLevelTables = {
    directoryOffset: layout.l1Offset,
    directoryWidth: 8,
    entriesPerTable: layout.perTable,
    entryWidth: 8,
    blocksPerEntry: 1,
    tableOf: (l1, offset, at) => {
      const entry = l1.u64be(offset);
      return entry === 0n ? layout.unallocated : offsetOrLost(entry, 'TABLE_OUT_OF_BOUNDS', at);
    },
    placesOf: (l2, offset, at) => [placeOfCluster(l2.u64be(offset), at, layout)],
  };
  return {
    blockSize: 2 ** layout.clusterBits,
    virtualSize: layout.virtualSize,
    locate: (first, count): Reading<readonly BlockPlace[]> => twoLevelPlaces(tables, first, count),
  };
}

function placeOfCluster(entry: bigint, at: number, layout: QcowLayout): BlockPlace {
  if (entry === 0n) return layout.unallocated;
  if ((entry & COMPRESSED) !== 0n) return compressedPlace(entry, at, layout.clusterBits);
  const offset = offsetOrLost(entry, 'DATA_OUT_OF_BOUNDS', at);
  return typeof offset === 'number' ? { kind: 'stored', offset } : offset;
}

/** Below bit 63: the length in `clusterBits` bits, then the offset. */
function compressedPlace(entry: bigint, at: number, clusterBits: number): BlockPlace {
  const lengthShift = BigInt(63 - clusterBits);
  const offset = offsetOrLost(entry & ((1n << lengthShift) - 1n), 'DATA_OUT_OF_BOUNDS', at);
  if (typeof offset !== 'number') return offset;
  return {
    kind: 'compressed',
    compression: 'deflate-raw',
    offset,
    length: Number((entry & (COMPRESSED - 1n)) >> lengthShift),
    skip: 0,
    shortfall: 'lost',
  };
}
