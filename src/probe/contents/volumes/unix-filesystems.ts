import { isPowerOfTwo } from '../../reading/fields.ts';
import { bigEndian, littleEndian, type OrderedFields } from '../sighting/byte-order.ts';
import type { Found, Superblock } from './superblock.ts';

/**
 * Filesystems of System V and its descendants, of BeOS and of NetWare. Source of places and checks, unless another is
 * named: util-linux libblkid/src/superblocks/, the file of the format's name.
 */
export const UNIX_FILESYSTEMS: readonly Superblock[] = [
  {
    name: 'VxFS',
    magicAt: [1024],
    magic: [0xf5, 0xfc, 0x01, 0xa5],
    check: (bytes, at) => vxfs(littleEndian(bytes), at),
  },
  {
    name: 'VxFS',
    magicAt: [8192],
    magic: [0xa5, 0x01, 0xfc, 0xf5],
    check: (bytes, at) => vxfs(bigEndian(bytes), at),
  },
  {
    name: 'BFS',
    magicAt: [0],
    magic: [0xce, 0xfa, 0xad, 0x1b],
    // Inodes of 64 bytes from 512 up to the data, the first of them the root directory (Linux
    // include/uapi/linux/bfs_fs.h).
    check: (bytes) => {
      const [data, last] = [bytes.u32le(4), bytes.u32le(8)];
      const isSound = data > 512 && data <= 512 + 513 * 64 && data % 64 === 0 && last >= data;
      return isSound && bytes.u16le(512) === 2 ? { confidence: 'likely', claims: BigInt(last) + 1n } : null;
    },
  },
  { name: 'BeFS', magicAt: [32, 544], magic: '1SFB', check: (bytes, at) => befs(littleEndian(bytes), at) },
  { name: 'BeFS', magicAt: [32, 544], magic: 'BFS1', check: (bytes, at) => befs(bigEndian(bytes), at) },
  {
    name: 'NSS',
    magicAt: [4096],
    magic: 'SPB5',
    check: (bytes, at) => {
      const versions = [4, 6, 8, 10].map((field) => bytes.u16le(at + field));
      return versions.every((version) => version < 256) && bytes.u16le(at + 4) > 0 ? { confidence: 'likely' } : null;
    },
  },
  ...[0x20, 0xfd].map((first): Superblock => ({
    name: 'System V',
    magicAt: [0, 9, 15, 18].map((block) => 1024 * block + 512 + 504),
    magic: first === 0x20 ? [0x20, 0x7e, 0x18, 0xfd] : [0xfd, 0x18, 0x7e, 0x20],
    // Lists of at most 50 free blocks and 100 free inodes (Linux include/linux/sysv_fs.h).
    check: (bytes, at) => {
      const { u16, u32 } = first === 0x20 ? littleEndian(bytes) : bigEndian(bytes);
      const base = at - 504;
      const isSound = u16(base + 8) <= 50 && u16(base + 212) <= 100 && u16(base) < u32(base + 4);
      return isSound && u32(at + 4) >= 1 && u32(at + 4) <= 3 ? { confidence: 'likely' } : null;
    },
  })),
  { name: 'Xenix', magicAt: [2040], magic: [0x44, 0x55, 0x2b, 0x00], check: (bytes) => xenix(littleEndian(bytes)) },
  { name: 'Xenix', magicAt: [2040], magic: [0x00, 0x2b, 0x55, 0x44], check: (bytes) => xenix(bigEndian(bytes)) },
];

/** VxFS: version 1 to 17, block size, and a number of blocks, which may be zero (Linux fs/freevxfs/vxfs.h). */
function vxfs({ u32 }: OrderedFields, at: number): Found | null {
  const [version, blockSize] = [u32(at + 4), u32(at + 32)];
  if (version < 1 || version > 17 || !isPowerOfTwo(blockSize, 512, 8192)) return null;
  return { confidence: 'likely', claims: BigInt(u32(at + 36)) * BigInt(blockSize) };
}

/** BeFS: three magics and a byte order mark. */
function befs({ u32, u64 }: OrderedFields, at: number): Found | null {
  if (u32(at + 4) !== 0x42494745 || u32(at + 36) !== 0xdd121031 || u32(at + 80) !== 0x15b6830e) return null;
  const blockSize = u32(at + 8);
  if (!isPowerOfTwo(blockSize, 1024, 8192) || blockSize !== 2 ** u32(at + 12)) return null;
  return { confidence: 'certain', claims: u64(at + 16) * BigInt(blockSize) };
}

/**
 * Xenix: lists of at most 100 free blocks and inodes, and a code of the block size (Linux include/linux/sysv_fs.h and
 * fs/sysv/super.c).
 */
function xenix({ u16, u32 }: OrderedFields): Found | null {
  const isSound = u16(1024 + 6) <= 100 && u16(1024 + 408) <= 100 && u16(1024) < u32(1024 + 2);
  return isSound && [1, 2].includes(u32(2044)) ? { confidence: 'likely' } : null;
}
