import { rawCrc32 } from '../../reading/checksums.ts';
import { bigEndian, littleEndian, type OrderedFields } from '../sighting/byte-order.ts';
import { sighting, type Recogniser } from '../sighting/sighting.ts';
import type { Found, Superblock } from './superblock.ts';
import type { Fields } from '../../reading/fields.ts';

const ALL_ONES = 0xffff_ffff;
const UBIFS_NODE = 4096;
const UBIFS_SUPERBLOCK_NODE = 6;

/** Filesystems for flash memory. Each begins with a node that has a checksum. */
export const FLASH_FILESYSTEMS: readonly Superblock[] = [
  {
    name: 'UBIFS',
    magicAt: [0],
    magic: [0x31, 0x18, 0x10, 0x06],
    // Linux fs/ubifs/ubifs-media.h
    check: (bytes) => {
      if (bytes.u32le(16) !== UBIFS_NODE || bytes.u8(20) !== UBIFS_SUPERBLOCK_NODE) return null;
      if (rawCrc32(bytes.slice(8, UBIFS_NODE), ALL_ONES) !== bytes.u32le(4)) return null;
      return { confidence: 'certain', claims: BigInt(bytes.u32le(36)) * BigInt(bytes.u32le(40)) };
    },
  },
  { name: 'JFFS2', magicAt: [0], magic: [0x85, 0x19], check: (bytes) => jffs2(bytes, littleEndian(bytes)) },
  { name: 'JFFS2', magicAt: [0], magic: [0x19, 0x85], check: (bytes) => jffs2(bytes, bigEndian(bytes)) },
];

/**
 * Inode, directory entry, clean marker, padding, summary, extended attribute and reference (Linux
 * include/uapi/linux/jffs2.h).
 */
const JFFS2_NODES = [0xe001, 0xe002, 0x2003, 0x2004, 0x2006, 0xe008, 0xe009];
const JFFS2_HEADER = 12;

/** Verifies the header of the first node, whose checksum covers the eight bytes before it. */
function jffs2(bytes: Fields, { u16, u32 }: OrderedFields): Found | null {
  if (!JFFS2_NODES.includes(u16(2)) || u32(4) < JFFS2_HEADER) return null;
  return rawCrc32(bytes.slice(0, 8), 0) === u32(8) ? { confidence: 'certain' } : null;
}

const UBI_HEADER = 64;

/**
 * A UBI device, which is divided into volumes: the header of its first erase block (Linux drivers/mtd/ubi/ubi-media.h).
 */
export const ubi: Recogniser = ({ bytes }) => {
  if (!bytes.is(0, 'UBI#') || bytes.u8(4) !== 1) return null;
  if (bytes.u32be(16) < UBI_HEADER || bytes.u32be(20) <= bytes.u32be(16)) return null;
  if (rawCrc32(bytes.slice(0, UBI_HEADER - 4), ALL_ONES) !== bytes.u32be(UBI_HEADER - 4)) return null;
  return sighting('UBI device', 'other', 'certain', 0, { detail: 'header checksum holds' });
};
