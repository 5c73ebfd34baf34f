import { fieldsOf } from '../../reading/fields.ts';
import { readUpTo, type Reading } from '../../reading/reading.ts';
import type { BlockPlace } from '../format/block-map.ts';

/**
 * Length of the sector number and the size that precede the compressed bytes of a grain (VMware, "Virtual Disk Format
 * 5.0", "Grain Marker").
 */
export const GRAIN_MARKER_LENGTH = 12;

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
