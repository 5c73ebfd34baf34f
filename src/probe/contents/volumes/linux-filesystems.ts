import { createHash } from 'node:crypto';
import { type Fields, isPowerOfTwo } from '../../reading/fields.ts';
import { crc32c, crc32cWithoutField, rawCrc32, withZeroed } from '../../reading/checksums.ts';
import { superblock, type Found, type Superblock } from './superblock.ts';
import { BCACHE_MAGIC } from './whole-volumes.ts';

/**
 * Filesystems that Linux writes to disks. Source of places and checks, unless another is named:
 * util-linux libblkid/src/superblocks/, the file of the format's name.
 */
export const LINUX_FILESYSTEMS: readonly Superblock[] = [
  superblock('XFS', [0], 'XFSB', (bytes) => {
    const blockSize = bytes.u32be(4);
    const sectorSize = bytes.u16be(102);
    const version = bytes.u16be(100) & 0xf;
    if (!isPowerOfTwo(blockSize, 512, 65_536) || !isPowerOfTwo(sectorSize, 512, 32_768)) return null;
    if (version < 4 || version > 5) return null;
    const claims = bytes.u64be(8) * BigInt(blockSize);
    if (version === 4 || !bytes.has(0, sectorSize)) return { confidence: 'likely', claims };
    const holds = crc32cWithoutField(bytes.slice(0, sectorSize), 224) === bytes.u32le(224);
    return { confidence: holds ? 'certain' : 'weak', claims };
  }),
  superblock('Btrfs', [65_600], '_BHRfS_M', (bytes, at) =>
    bytes.u64le(at - 16) === 65_536n
      ? { confidence: btrfsChecksum(bytes, at - 64), claims: bytes.u64le(65_536 + 201 + 8) }
      : null,
  ),
  ...['ReIsErFs', 'ReIsEr2Fs', 'ReIsEr3Fs'].map((magic) =>
    superblock('ReiserFS', [65_588, 8244], magic, (bytes, at) => {
      const blockSize = bytes.u16le(at - 8);
      if (!isPowerOfTwo(blockSize, 512, 32_768) || bytes.u32le(at - 52) === 0) return null;
      return { confidence: 'certain', claims: BigInt(bytes.u32le(at - 52)) * BigInt(blockSize) };
    }),
  ),
  superblock('Reiser4', [65_536], 'ReIsEr4\0', (bytes, at) =>
    isPowerOfTwo(bytes.u16le(at + 18), 512, 32_768) ? { confidence: 'certain' } : null,
  ),
  superblock('JFS', [32_768], 'JFS1', (bytes, at) => {
    const [blockSize, physical] = [bytes.u32le(at + 16), bytes.u32le(at + 24)];
    const isSound = blockSize === 2 ** bytes.u16le(at + 20) && physical === 2 ** bytes.u16le(at + 28);
    if (!isSound || !isPowerOfTwo(blockSize, 512, 65_536)) return null;
    return { confidence: 'likely', claims: bytes.u64le(at + 8) * BigInt(physical) };
  }),
  superblock('F2FS', [1024], [0x10, 0x20, 0xf5, 0xf2], (bytes, at) => {
    const blockShift = bytes.u32le(at + 16);
    const isSound = bytes.u32le(at + 8) + bytes.u32le(at + 12) === blockShift && blockShift >= 9 && blockShift <= 16;
    if (!isSound || bytes.u16le(at + 4) > 16) return null;
    return { confidence: 'likely', claims: bytes.u64le(at + 36) << BigInt(blockShift) };
  }),
  // The magic has 16 bits, so the superblock only counts with its checksum.
  superblock('NILFS2', [1030], [0x34, 0x34], (bytes) => {
    const length = bytes.u16le(1032);
    if (length < 24 || length > 1024 || !bytes.has(1024, length)) return null;
    const summed = withZeroed(bytes.slice(1024, 1024 + length), 16, 20);
    if (rawCrc32(summed, bytes.u32le(1036)) !== bytes.u32le(1040)) return null;
    return { confidence: 'certain', claims: bytes.u64le(1024 + 32) };
  }),
  superblock('GFS2', [65_536], [0x01, 0x16, 0x19, 0x70, 0, 0, 0, 1], (bytes, at) =>
    isPowerOfTwo(bytes.u32be(at + 36), 512, 65_536) ? { confidence: 'certain' } : null,
  ),
  superblock('OCFS2', [1024, 2048, 4096, 8192], 'OCFSV2\0\0', (bytes, at) =>
    2 * 2 ** bytes.u32le(at + 248) === at ? { confidence: 'certain' } : null,
  ),
  superblock('mpool', [0], 'mpoolDev', (bytes) =>
    crc32c(bytes.slice(0, 62)) === bytes.u32le(62) ? { confidence: 'certain' } : null,
  ),
  superblock('zonefs', [0], 'SFOZ', (bytes) =>
    rawCrc32(withZeroed(bytes.slice(0, 4096), 4, 8), 0xffff_ffff) === bytes.u32le(4) ? { confidence: 'certain' } : null,
  ),
  // The major version stands before the magic (ocfs2-tools libocfs2, ocfs1 headers).
  superblock('OCFS', [8], 'OracleCFS\0', (bytes) =>
    bytes.u32le(4) > 0 && bytes.u32le(4) < 16 ? { confidence: 'likely' } : null,
  ),
  superblock(
    'bcachefs',
    [4120],
    [0xc6, 0x85, 0x73, 0xf6, 0x66, 0xce, 0x90, 0xa9, 0xd9, 0x6a, 0x60, 0xcf, 0x80, 0x3d, 0xf7, 0xef],
    (bytes, at) => ({ confidence: bcachefsChecksum(bytes, at - 24) }),
  ),
  // Before 2021 it had the magic of bcache. Sector, device and the magic of the layout distinguish it.
  superblock('bcachefs', [4120], BCACHE_MAGIC, (bytes, at) => {
    const base = at - 24;
    const isOwn = bytes.u64le(base + 104) === 8n && bytes.u8(base + 122) < bytes.u8(base + 123);
    return isOwn && bytes.is(base + 240, BCACHE_MAGIC) ? { confidence: bcachefsChecksum(bytes, base) } : null;
  }),
];

const BTRFS_SUPERBLOCK = 4096;

/**
 * Verifies the checksum of the superblock at `base`, which covers all bytes behind its field of 32 bytes. CRC-32C and
 * SHA-256 are computed, xxHash and BLAKE2b are not (Linux include/uapi/linux/btrfs_tree.h, `btrfs_csum_type` and
 * `btrfs_super_block`).
 */
function btrfsChecksum(bytes: Fields, base: number): Found['confidence'] {
  if (!bytes.has(base, BTRFS_SUPERBLOCK)) return 'likely';
  const summed = bytes.slice(base + 32, base + BTRFS_SUPERBLOCK);
  const type = bytes.u16le(base + 196);
  if (type === 0) return crc32c(summed) === bytes.u32le(base) ? 'certain' : 'weak';
  if (type !== 2) return 'likely';
  const digest = createHash('sha256').update(summed).digest();
  return digest.equals(bytes.slice(base, base + 32)) ? 'certain' : 'weak';
}

/**
 * Verifies the checksum of the superblock at `base`, which covers all bytes behind its field of 16 bytes; the
 * superblock tells how many 64-bit words of fields follow. Only the usual CRC-32C is computed
 * (libblkid/src/superblocks/bcache.c, `bcachefs_validate_checksum`).
 */
function bcachefsChecksum(bytes: Fields, base: number): Found['confidence'] {
  const type = bytes.has(base, 152) ? (bytes.u8(base + 144) >> 2) & 0x3f : null;
  if (type !== 1) return 'likely';
  const end = base + 752 + 8 * bytes.u32le(base + 124);
  if (!bytes.has(base, end - base)) return 'likely';
  return crc32c(bytes.slice(base + 16, end)) === bytes.u32le(base) ? 'certain' : 'weak';
}
