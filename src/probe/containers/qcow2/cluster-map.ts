import type { Fields } from '../../reading/fields.ts';
import type { Compression } from '../../reading/reading.ts';
import { type BlockMap, type BlockPlace, malformedEntry, offsetOrLost, twoLevelMap } from '../format/block-table.ts';
import { hasFeature, INCOMPATIBLE, type Qcow2Header } from './header.ts';

/** Bits 9 to 55 of an L1 or L2 entry: a file offset. */
const OFFSET_MASK = 0x00ff_ffff_ffff_fe00n;
const COMPRESSED = 1n << 62n;
const ALL_ZEROS = 1n;
const SUBCLUSTERS = 32;

interface Layout {
  readonly version: number;
  readonly clusterBits: number;
  readonly clusterSize: number;
  readonly extended: boolean;
  readonly compression: Compression;
  /** The place of a cluster that has none in the file. */
  readonly unallocated: BlockPlace;
}

/**
 * Map of a qcow2 disk whose header keeps its rules: L1 table, L2 tables, clusters; blocks are subclusters where L2
 * entries are extended (QEMU docs/interop/qcow2.rst, "Cluster mapping"). Internal snapshots do not matter: the L1 table
 * of the header is the active one.
 */
export function qcow2Map(header: Qcow2Header): BlockMap {
  const clusterSize = 2 ** header.clusterBits;
  const extended = hasFeature(header, INCOMPATIBLE.extendedL2);
  const layout: Layout = {
    version: header.version,
    clusterBits: header.clusterBits,
    clusterSize,
    extended,
    compression: header.compressionType === 1 ? 'zstd' : 'deflate-raw',
    unallocated: { kind: header.backingOffset === 0n ? 'zeros' : 'elsewhere' },
  };
  const blocksPerEntry = extended ? SUBCLUSTERS : 1;
  const entryWidth = extended ? 16 : 8;
  return twoLevelMap({
    blockSize: clusterSize / blocksPerEntry,
    virtualSize: Number(header.virtualSize),
    directoryOffset: Number(header.l1Offset),
    directoryWidth: 8,
    entriesPerTable: clusterSize / entryWidth,
    entryWidth,
    blocksPerEntry,
    tableOf: (l1, offset, at) => {
      const entry = l1.u64be(offset) & OFFSET_MASK;
      if (entry === 0n) return layout.unallocated;
      const l2Offset = offsetOrLost(entry, 'TABLE_OUT_OF_BOUNDS', at);
      if (typeof l2Offset !== 'number' || l2Offset % clusterSize === 0) return l2Offset;
      return malformedEntry(at, 'L2 table not at a cluster boundary');
    },
    placesOf: (l2, offset, at) => placesOfEntry(l2, offset, at, layout),
  });
}

function placesOfEntry(l2: Fields, offset: number, at: number, layout: Layout): readonly BlockPlace[] {
  const entry = l2.u64be(offset);
  if (!layout.extended) return [placeOfCluster(entry, at, layout)];
  const bitmap = l2.u64be(offset + 8);
  return Array.from({ length: SUBCLUSTERS }, (_, index) => placeOfSubcluster(entry, bitmap, index, at, layout));
}

function placeOfCluster(entry: bigint, at: number, layout: Layout): BlockPlace {
  if ((entry & COMPRESSED) !== 0n) return compressedPlace(entry, 0, at, layout);
  if ((entry & ALL_ZEROS) !== 0n) {
    // Version 2 has no such bit; QEMU calls the image corrupt (block/qcow2-cluster.c).
    return layout.version >= 3 ? { kind: 'zeros' } : malformedEntry(at, 'zero bit in a version 2 L2 entry');
  }
  const host = hostOffset(entry, at, layout);
  if (typeof host !== 'number') return host;
  return host === 0 ? layout.unallocated : { kind: 'stored', offset: host };
}

/** Bits 0 to 31 of the bitmap: allocated; 32 to 63: reads as zeros. Compressed clusters ignore it. */
function placeOfSubcluster(entry: bigint, bitmap: bigint, index: number, at: number, layout: Layout): BlockPlace {
  const size = layout.clusterSize / SUBCLUSTERS;
  if ((entry & COMPRESSED) !== 0n) return compressedPlace(entry, index * size, at, layout);
  const host = hostOffset(entry, at, layout);
  if (typeof host !== 'number') return host;
  const allocated = ((bitmap >> BigInt(index)) & 1n) !== 0n;
  const zeros = ((bitmap >> BigInt(index + SUBCLUSTERS)) & 1n) !== 0n;
  if (allocated && (zeros || host === 0)) {
    return malformedEntry(at, 'subcluster bitmap that contradicts itself or its cluster');
  }
  if (zeros) return { kind: 'zeros' };
  return allocated ? { kind: 'stored', offset: host + index * size } : layout.unallocated;
}

/** File offset of a cluster that is not compressed, 0 for none. */
function hostOffset(entry: bigint, at: number, layout: Layout): number | BlockPlace {
  const host = offsetOrLost(entry & OFFSET_MASK, 'DATA_OUT_OF_BOUNDS', at);
  if (typeof host !== 'number' || host % layout.clusterSize === 0) return host;
  return malformedEntry(at, 'cluster not at a cluster boundary');
}

/**
 * The offset is not aligned. The length counts 512-byte sectors, starting with the one in which the data begins
 * ("Compressed Clusters Descriptor").
 */
function compressedPlace(entry: bigint, skip: number, at: number, layout: Layout): BlockPlace {
  const offsetBits = BigInt(62 - (layout.clusterBits - 8));
  const offset = offsetOrLost(entry & ((1n << offsetBits) - 1n), 'DATA_OUT_OF_BOUNDS', at);
  if (typeof offset !== 'number') return offset;
  const sectors = Number((entry & (COMPRESSED - 1n)) >> offsetBits) + 1;
  const length = sectors * 512 - (offset % 512);
  return { kind: 'compressed', compression: layout.compression, offset, length, skip, shortfall: 'lost' };
}
