import { bigEndian, littleEndian } from '../sighting/sighting.ts';
import { type Fields, isPowerOfTwo } from '../../reading/fields.ts';
import { type OrderedFields, bothOrders, sighting, type Recogniser } from '../sighting/sighting.ts';
import { superblock, inBothOrders, type Found, type Superblock } from './superblock.ts';

/** Offset of the magic of UFS in its superblock. */
const UFS_MAGIC = 1372;

/**
 * Filesystems of the BSDs, Solaris, Apple's systems and OS/2. Source of places and checks, where no other is named:
 * util-linux libblkid/src/superblocks/, the file of the format's name.
 */
export const FOREIGN_FILESYSTEMS: readonly Superblock[] = [
  ...[0, 8192, 65_536].flatMap((base) => [
    ...inBothOrders('UFS1', [base + UFS_MAGIC], '\x54\x19\x01\x00', ufs),
    ...inBothOrders('UFS2', [base + UFS_MAGIC], '\x19\x01\x54\x19', ufs),
  ]),
  superblock('HFS+', [1024], [0x48, 0x2b, 0, 4], hfsPlus),
  superblock('HFSX', [1024], [0x48, 0x58, 0, 5], hfsPlus),
  superblock('APFS', [32], 'NXSB', (bytes) => {
    const blockSize = bytes.u32le(36);
    if (!isPowerOfTwo(blockSize, 4096, 65_536) || bytes.u64le(40) === 0n) return null;
    if ((bytes.u32le(24) & 0xffff) !== 1) return null;
    return { confidence: 'likely', claims: bytes.u64le(40) * BigInt(blockSize) };
  }),
  // The spare superblock follows; only HPFS386 fills in its checksums (Linux fs/hpfs/hpfs.h).
  superblock('HPFS', [8192], [0x49, 0xe8, 0x95, 0xf9, 0xc5, 0xe9, 0x53, 0xfa], (bytes, at) =>
    bytes.is(at + 512, HPFS_SPARE) ? { confidence: 'likely' } : null,
  ),
  // The name list of the first label begins with the pair "version" (OpenZFS module/nvpair); its checksum lies behind
  // the window.
  superblock('ZFS', [16_404], [0, 0, 0, 7, 0x76, 0x65, 0x72, 0x73, 0x69, 0x6f, 0x6e, 0], (bytes, at) =>
    bytes.u8(at - 20) === 1 && bytes.u64be(at - 16) === 1n ? { confidence: 'likely' } : null,
  ),
];

const HPFS_SPARE = [0x49, 0x18, 0x91, 0xf9, 0xc5, 0x29, 0x52, 0xfa];

/** UFS: block and fragment size at 48 and 52 of the superblock (FreeBSD sys/ufs/ffs/fs.h). */
function ufs({ u32 }: OrderedFields, at: number): Found | null {
  const base = at - UFS_MAGIC;
  const [blockSize, fragmentSize] = [u32(base + 48), u32(base + 52)];
  if (!isPowerOfTwo(blockSize, 4096, 65_536) || !isPowerOfTwo(fragmentSize, 512, blockSize)) return null;
  return u32(base + 56) === blockSize / fragmentSize ? { confidence: 'likely' } : null;
}

/** Apple Technical Note TN1150, "Volume Header". */
function hfsPlus(bytes: Fields, at: number): Found | null {
  const blockSize = bytes.u32be(at + 40);
  const blocks = bytes.u32be(at + 44);
  if (!isPowerOfTwo(blockSize, 512, 1_048_576) || blocks === 0 || bytes.u32be(at + 48) > blocks) return null;
  return { confidence: 'likely', claims: BigInt(blocks) * BigInt(blockSize) };
}

/**
 * Filesystems of System V and its descendants, of BeOS and of NetWare. Source of places and checks, unless another is
 * named: util-linux libblkid/src/superblocks/, the file of the format's name.
 */
export const UNIX_FILESYSTEMS: readonly Superblock[] = [
  superblock('VxFS', [1024], '\xf5\xfc\x01\xa5', (bytes, at) => vxfs(littleEndian(bytes), at)),
  superblock('VxFS', [8192], '\xa5\x01\xfc\xf5', (bytes, at) => vxfs(bigEndian(bytes), at)),
  // Inodes of 64 bytes from 512 up to the data, the first of them the root directory (Linux
  // include/uapi/linux/bfs_fs.h).
  superblock('BFS', [0], [0xce, 0xfa, 0xad, 0x1b], (bytes) => {
    const [data, last] = [bytes.u32le(4), bytes.u32le(8)];
    const isSound = data > 512 && data <= 512 + 513 * 64 && data % 64 === 0 && last >= data;
    return isSound && bytes.u16le(512) === 2 ? { confidence: 'likely', claims: BigInt(last) + 1n } : null;
  }),
  ...inBothOrders('BeFS', [32, 544], '1SFB', befs),
  superblock('NSS', [4096], 'SPB5', (bytes, at) => {
    const versions = [4, 6, 8, 10].map((field) => bytes.u16le(at + field));
    return versions.every((version) => version < 256) && bytes.u16le(at + 4) > 0 ? { confidence: 'likely' } : null;
  }),
  ...inBothOrders('System V', [1016, 10_232, 16_376, 19_448], '\x20\x7e\x18\xfd', systemV),
  ...inBothOrders('Xenix', [2040], '\x44\x55\x2b\x00', xenix),
];

/**
 * System V: the superblock is the second sector of block 0, 9, 15 or 18. Lists of at most 50 free blocks and 100 free
 * inodes (Linux include/linux/sysv_fs.h).
 */
function systemV({ u16, u32 }: OrderedFields, at: number): Found | null {
  const base = at - 504;
  const isSound = u16(base + 8) <= 50 && u16(base + 212) <= 100 && u16(base) < u32(base + 4);
  return isSound && u32(at + 4) >= 1 && u32(at + 4) <= 3 ? { confidence: 'likely' } : null;
}

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

/** Xenix: at most 100 free blocks and inodes, a code of the block size (Linux linux/sysv_fs.h, fs/sysv/super.c). */
function xenix({ u16, u32 }: OrderedFields): Found | null {
  const isSound = u16(1024 + 6) <= 100 && u16(1024 + 408) <= 100 && u16(1024) < u32(1024 + 2);
  return isSound && [1, 2].includes(u32(2044)) ? { confidence: 'likely' } : null;
}

/** Bytes of an inode by the magic of MINIX 1 and 2 at 1040. Version 3 has its own magic at 1048 (Linux fs/minix). */
const MINIX_INODE: Readonly<Record<number, 32 | 64>> = { 0x137f: 32, 0x138f: 32, 0x2468: 64, 0x2478: 64 };
const MINIX3 = 0x4d5a;
const AT = 1024;

/**
 * MINIX. The magic has 16 bits, so the inode map must be just long enough and the first data block must follow the
 * inode table (libblkid/src/superblocks/minix.c checks less).
 */
export const minix: Recogniser = ({ bytes }) => {
  const at = bothOrders(bytes)
    .map(minixMagicAt)
    .find((offset) => offset !== null);
  return at === undefined || at === null ? null : sighting('MINIX', 'filesystem', 'weak', at, { detail: 'superblock' });
};

/** Returns the offset of the magic in one byte order; null where it is missing or other fields contradict it. */
function minixMagicAt({ u16, u32 }: OrderedFields): number | null {
  const inode = MINIX_INODE[u16(AT + 16)];
  if (inode !== undefined) {
    const table = Math.ceil((u16(AT) * inode) / 1024);
    return u16(AT + 18) <= 3 && isMinixLayout(u16, AT + 4, u16(AT), table, 1024) ? AT + 16 : null;
  }
  const blockSize = u16(AT + 24) === MINIX3 ? u16(AT + 28) : 0;
  if (!isPowerOfTwo(blockSize, 1024, 32_768)) return null;
  const inodes = u32(AT);
  return isMinixLayout(u16, AT + 6, inodes, Math.ceil((inodes * 64) / blockSize), blockSize) ? AT + 24 : null;
}

/** Checks the fields at `at`: blocks of the inode map and the zone map, first data block, log2 of blocks a zone. */
function isMinixLayout(
  u16: OrderedFields['u16'],
  at: number,
  inodes: number,
  tableBlocks: number,
  blockSize: number,
): boolean {
  const [inodeMap, zoneMap, firstData] = [u16(at), u16(at + 2), u16(at + 4)];
  return (
    inodes > 0 &&
    inodeMap === Math.ceil((inodes + 1) / (blockSize * 8)) &&
    zoneMap > 0 &&
    firstData === 2 + inodeMap + zoneMap + tableBlocks &&
    u16(at + 6) === 0
  );
}

/** HFS of Mac OS before 8.1. The magic has 16 bits (Inside Macintosh: Files, "Master Directory Blocks"). */
export const hfs: Recogniser = ({ bytes }) => {
  if (!bytes.is(AT, 'BD')) return null;
  const blocks = bytes.u16be(AT + 18);
  const blockSize = bytes.u32be(AT + 20);
  if (blocks === 0 || blockSize === 0 || blockSize % 512 !== 0 || blockSize > 0x80_0000) return null;
  const isSound = bytes.u16be(AT + 14) === 3 && bytes.u16be(AT + 34) <= blocks && bytes.u8(AT + 36) <= 27;
  return isSound ? sighting('HFS', 'filesystem', 'weak', AT, { detail: 'master directory block' }) : null;
};
