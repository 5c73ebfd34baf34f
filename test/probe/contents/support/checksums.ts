import { crc32 } from 'node:zlib';
import { bytesWith, patched, type Patch } from './windows.ts';

/** CRC-32 as flash filesystems use it: with a seed of their own, not complemented at the end. */
export const rawCrc = (bytes: Uint8Array, seed: number): number => ~crc32(bytes, ~seed >>> 0) >>> 0;

/** CRC-32C bit by bit, independent of the product's table. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** Makes bytes and writes at `field` what `sum` makes of [start, end). */
export function signed(
  patches: readonly Patch[],
  field: number,
  [start, end]: readonly [number, number],
  sum: (bytes: Uint8Array) => readonly number[],
): Uint8Array {
  const bytes = bytesWith(patches);
  return patched(bytes, [[field, sum(bytes.slice(start, end))]]);
}
