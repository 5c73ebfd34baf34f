import { isPowerOfTwo } from '../../reading/fields.ts';
import { bothOrders, type OrderedFields } from '../sighting/byte-order.ts';
import { sighting, type Recogniser } from '../sighting/sighting.ts';

/** Magics of MINIX 1 and 2 at 1040, for names of 14 and 30 letters. Version 3 has its own at 1048 (Linux fs/minix). */
const MINIX: ReadonlyMap<number, { readonly inode: 32 | 64 }> = new Map([
  [0x137f, { inode: 32 }],
  [0x138f, { inode: 32 }],
  [0x2468, { inode: 64 }],
  [0x2478, { inode: 64 }],
]);
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
  const old = MINIX.get(u16(AT + 16));
  if (old !== undefined) {
    const table = Math.ceil((u16(AT) * old.inode) / 1024);
    return u16(AT + 18) <= 3 && isMinixLayout(u16, AT + 4, u16(AT), table, 1024) ? AT + 16 : null;
  }
  const blockSize = u16(AT + 24) === MINIX3 ? u16(AT + 28) : 0;
  if (!isPowerOfTwo(blockSize, 1024, 32_768)) return null;
  const inodes = u32(AT);
  return isMinixLayout(u16, AT + 6, inodes, Math.ceil((inodes * 64) / blockSize), blockSize) ? AT + 24 : null;
}

/**
 * Checks the fields at `at`: blocks of the inode map and of the zone map, first data block, binary logarithm of blocks
 * a zone.
 */
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
