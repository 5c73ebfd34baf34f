import { crc32 } from 'node:zlib';

/** Reflected polynomial of Castagnoli's CRC (RFC 3720, appendix B.4). */
const POLYNOMIAL = 0x82f63b78;

// Signed, because numbers from 2^31 on would be boxed, and a VHDX takes 136 KiB of checksums.
const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) remainder = (remainder >>> 1) ^ (remainder & 1 ? POLYNOMIAL : 0);
  return remainder;
});

/** CRC-32C, unsigned, as iSCSI, VHDX, ext4 and Btrfs use it: starts with all ones, complemented at the end. */
export function crc32c(bytes: Uint8Array): number {
  let crc = -1;
  for (let index = 0; index < bytes.length; index += 1) {
    crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[index] ?? 0)) & 0xff] ?? 0);
  }
  return ~crc >>> 0;
}

/** CRC-32C with the 32-bit field at `field` taken as zero, for structures that hold their own checksum. */
export function crc32cWithoutField(bytes: Uint8Array, field: number): number {
  return crc32c(withZeroed(bytes, field, field + 4));
}

/** Sum of the numbers that `read` finds at every `width` bytes of [start, start + length), modulo 2^32. */
export function sumOf(start: number, length: number, width: 2 | 4, read: (offset: number) => number): number {
  let sum = 0;
  for (let at = start; at < start + length; at += width) sum = (sum + read(at)) >>> 0;
  return sum;
}

/** CRC-32 (IEEE 802.3, reflected), unsigned, from `seed`, not complemented at the end, as LVM2 and NILFS2 use it. */
export function rawCrc32(bytes: Uint8Array, seed: number): number {
  return ~crc32(bytes, ~seed >>> 0) >>> 0;
}

/** A copy of `bytes` with [start, end) zeroed. Not by `slice`, which does not copy where the bytes are a Buffer. */
export function withZeroed(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return Uint8Array.from(bytes).fill(0, start, end);
}
