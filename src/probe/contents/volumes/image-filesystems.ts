import { crc32cWithoutField, rawCrc32 } from '../../reading/checksums.ts';
import { type Fields, isPowerOfTwo } from '../../reading/fields.ts';
import { superblock, inBothOrders, type Found, type Superblock } from './superblock.ts';
import { type OrderedFields, sighting, type Recogniser } from '../sighting/sighting.ts';

/**
 * Filesystems that are made as an image and then only read. Source of places and checks, unless another is named:
 * util-linux libblkid/src/superblocks/, the file of the format's name.
 */
export const IMAGE_FILESYSTEMS: readonly Superblock[] = [
  superblock('EROFS', [1024], [0xe2, 0xe1, 0xf5, 0xe0], (bytes, at) => {
    const blockShift = bytes.u8(at + 12);
    if (blockShift < 9 || blockShift > 16) return null;
    const claims = BigInt(bytes.u32le(at + 36)) << BigInt(blockShift);
    const end = Math.max(2 ** blockShift, 2048);
    if ((bytes.u32le(at + 8) & 1) === 0 || !bytes.has(at, end - at)) return { confidence: 'likely', claims };
    const computed = ~crc32cWithoutField(bytes.slice(at, end), 4) >>> 0;
    return { confidence: computed === bytes.u32le(at + 4) ? 'certain' : 'weak', claims };
  }),
  ...inBothOrders('SquashFS', [0], 'hsqs', squash),
  // A second signature of 16 bytes follows the magic (Linux include/uapi/linux/cramfs_fs.h).
  ...inBothOrders('cramfs', [0], '\x45\x3d\xcd\x28', (_, _at, bytes) =>
    bytes.is(16, 'Compressed ROMFS') ? { confidence: 'certain' } : null,
  ),
  superblock('romfs', [0], '-rom1fs-', (bytes) => {
    const size = bytes.u32be(8);
    let sum = 0;
    for (let at = 0; at + 4 <= Math.min(size, 512); at += 4) sum = (sum + bytes.u32be(at)) >>> 0;
    return size >= 32 && sum === 0 ? { confidence: 'certain', claims: BigInt(size) } : null;
  }),
];

/** Version 4 has other fields than the versions before it (Linux fs/squashfs/squashfs_fs.h). */
function squash({ u16, u32, u64 }: OrderedFields): Found | null {
  const [major, blockSize, oldBlockShift] = [u16(28), u32(12), u16(34)];
  if (major === 4) {
    const isSound = isPowerOfTwo(blockSize, 4096, 1_048_576) && blockSize === 2 ** u16(22);
    return isSound ? { confidence: 'likely', claims: u64(40) } : null;
  }
  const isOld = major >= 1 && major <= 3 && oldBlockShift >= 9 && oldBlockShift <= 20;
  return isOld ? { confidence: 'likely' } : null;
}

const ALL_ONES = 0xffff_ffff;
const UBIFS_NODE = 4096;
const UBIFS_SUPERBLOCK_NODE = 6;

/** Filesystems for flash memory. Each begins with a node that has a checksum. */
export const FLASH_FILESYSTEMS: readonly Superblock[] = [
  // Linux fs/ubifs/ubifs-media.h
  superblock('UBIFS', [0], [0x31, 0x18, 0x10, 0x06], (bytes) => {
    if (bytes.u32le(16) !== UBIFS_NODE || bytes.u8(20) !== UBIFS_SUPERBLOCK_NODE) return null;
    if (rawCrc32(bytes.slice(8, UBIFS_NODE), ALL_ONES) !== bytes.u32le(4)) return null;
    return { confidence: 'certain', claims: BigInt(bytes.u32le(36)) * BigInt(bytes.u32le(40)) };
  }),
  ...inBothOrders('JFFS2', [0], '\x85\x19', jffs2),
];

/**
 * Inode, directory entry, clean marker, padding, summary, extended attribute and reference (Linux
 * include/uapi/linux/jffs2.h).
 */
const JFFS2_NODES = [0xe001, 0xe002, 0x2003, 0x2004, 0x2006, 0xe008, 0xe009];
const JFFS2_HEADER = 12;

/** Verifies the header of the first node, whose checksum covers the eight bytes before it. */
function jffs2({ u16, u32 }: OrderedFields, _at: number, bytes: Fields): Found | null {
  if (!JFFS2_NODES.includes(u16(2)) || u32(4) < JFFS2_HEADER) return null;
  return rawCrc32(bytes.slice(0, 8), 0) === u32(8) ? { confidence: 'certain' } : null;
}

const UBI_HEADER = 64;

/** A UBI device, divided into volumes: the header of its first erase block (Linux drivers/mtd/ubi/ubi-media.h). */
export const ubi: Recogniser = ({ bytes }) => {
  if (!bytes.is(0, 'UBI#') || bytes.u8(4) !== 1) return null;
  if (bytes.u32be(16) < UBI_HEADER || bytes.u32be(20) <= bytes.u32be(16)) return null;
  if (rawCrc32(bytes.slice(0, UBI_HEADER - 4), ALL_ONES) !== bytes.u32be(UBI_HEADER - 4)) return null;
  return sighting('UBI device', 'other', 'certain', 0, { detail: 'header checksum holds' });
};
