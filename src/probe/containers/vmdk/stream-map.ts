import { fieldsOf } from '../../reading/fields.ts';
import { readUpTo, Unreadable, type Reading } from '../../reading/reading.ts';
import type { BlockMap, BlockPlace } from '../format/block-map.ts';
import type { Unallocated } from './grain-map.ts';
import { compressedGrain, GRAIN_MARKER_LENGTH } from './grain-marker.ts';
import { SECTOR, type SparseHeader } from './sparse-header.ts';

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
