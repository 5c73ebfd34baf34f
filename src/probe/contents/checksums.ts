import { crc32 } from 'node:zlib';

/**
 * CRC-32 (IEEE 802.3, reflected) that begins with `seed` and is not complemented at the end, as LVM2 and NILFS2 use it; unsigned.
 */
export function rawCrc32(bytes: Uint8Array, seed: number): number {
  return ~crc32(bytes, ~seed >>> 0) >>> 0;
}

/** A copy of `bytes` with [start, end) zeroed: structures are summed with their own checksum taken as zero. */
export function withZeroed(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return bytes.slice().fill(0, start, end);
}
