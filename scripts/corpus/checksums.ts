/** The checksums that headers carry; reflected CRCs, bit by bit: headers are short. */

const CRC32_POLYNOMIAL = 0xed_b8_83_20;
/** Castagnoli: VHDX, ext4, xfs, btrfs. */
const CRC32C_POLYNOMIAL = 0x82_f6_3b_78;

export function crc32(bytes: Uint8Array): number {
  return (register(bytes, CRC32_POLYNOMIAL, 0xff_ff_ff_ff) ^ 0xff_ff_ff_ff) >>> 0;
}

export function crc32c(bytes: Uint8Array): number {
  return (register(bytes, CRC32C_POLYNOMIAL, 0xff_ff_ff_ff) ^ 0xff_ff_ff_ff) >>> 0;
}

/** The CRC of LVM's label and metadata: CRC-32 from its own start value, not inverted (LVM2 lib/misc/crc.c). */
export function lvmCrc(bytes: Uint8Array): number {
  return register(bytes, CRC32_POLYNOMIAL, 0xf5_97_a6_cf);
}

/** One's complement of the sum of all bytes: VHD footer and dynamic header, their own field taken as zero. */
export function vhdChecksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return ~sum >>> 0;
}

/** Sum of 32-bit words with the carry folded in: MD superblock version 1 (Linux drivers/md/md.c, calc_sb_1_csum). */
export function mdChecksum(bytes: Buffer): number {
  let sum = 0n;
  for (let offset = 0; offset + 4 <= bytes.length; offset += 4) sum += BigInt(bytes.readUInt32LE(offset));
  return Number(((sum & 0xff_ff_ff_ffn) + (sum >> 32n)) & 0xff_ff_ff_ffn);
}

function register(bytes: Uint8Array, polynomial: number, start: number): number {
  let crc = start;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? polynomial : 0);
  }
  return crc >>> 0;
}
