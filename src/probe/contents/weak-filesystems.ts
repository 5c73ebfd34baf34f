import { type Fields, isPowerOfTwo } from '../fields.ts';
import { sighting, type Recogniser } from './sighting.ts';

/** Magics of MINIX versions 1 and 2 at 1040, with 14 and 30 letters a name; version 3 has its own at 1048 (Linux fs/minix). */
const MINIX: ReadonlyMap<number, { readonly inode: 32 | 64 }> = new Map([
  [0x137f, { inode: 32 }],
  [0x138f, { inode: 32 }],
  [0x2468, { inode: 64 }],
  [0x2478, { inode: 64 }],
]);
const MINIX3 = 0x4d5a;
const AT = 1024;

/**
 * MINIX: 16 bits of magic, so the maps must be just long enough for the inodes and the first data block must follow the inode table
 * (libblkid/src/superblocks/minix.c is content with less).
 */
export const minix: Recogniser = ({ bytes }) => {
  const old = MINIX.get(bytes.u16le(AT + 16));
  if (old !== undefined) {
    const table = Math.ceil((bytes.u16le(AT) * old.inode) / 1024);
    const isSound = bytes.u16le(AT + 18) <= 3 && isMinixLayout(bytes, AT + 4, bytes.u16le(AT), table, 1024);
    return isSound ? sighting('MINIX', 'filesystem', 'weak', AT + 16, { detail: 'superblock' }) : null;
  }
  if (bytes.u16le(AT + 24) !== MINIX3) return null;
  const blockSize = bytes.u16le(AT + 28);
  if (!isPowerOfTwo(blockSize, 1024, 32_768)) return null;
  const inodes = bytes.u32le(AT);
  const isSound = isMinixLayout(bytes, AT + 6, inodes, Math.ceil((inodes * 64) / blockSize), blockSize);
  return isSound ? sighting('MINIX', 'filesystem', 'weak', AT + 24, { detail: 'superblock' }) : null;
};

/** From `at`: blocks of the inode map, of the zone map, the first data block, the zone size as a power of two of the block size. */
function isMinixLayout(bytes: Fields, at: number, inodes: number, tableBlocks: number, blockSize: number): boolean {
  const [inodeMap, zoneMap, firstData] = [bytes.u16le(at), bytes.u16le(at + 2), bytes.u16le(at + 4)];
  return (
    inodes > 0 &&
    inodeMap === Math.ceil((inodes + 1) / (blockSize * 8)) &&
    zoneMap > 0 &&
    firstData === 2 + inodeMap + zoneMap + tableBlocks &&
    bytes.u16le(at + 6) === 0
  );
}

/** HFS of Mac OS before 8.1: 16 bits of magic (Inside Macintosh: Files, "Master Directory Blocks"). */
export const hfs: Recogniser = ({ bytes }) => {
  if (!bytes.is(AT, 'BD')) return null;
  const blocks = bytes.u16be(AT + 18);
  const blockSize = bytes.u32be(AT + 20);
  if (blocks === 0 || blockSize === 0 || blockSize % 512 !== 0 || blockSize > 0x80_0000) return null;
  const isSound = bytes.u16be(AT + 14) === 3 && bytes.u16be(AT + 34) <= blocks && bytes.u8(AT + 36) <= 27;
  return isSound ? sighting('HFS', 'filesystem', 'weak', AT, { detail: 'master directory block' }) : null;
};
