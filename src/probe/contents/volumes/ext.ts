import { crc32c } from '../../reading/checksums.ts';
import type { Fields } from '../../reading/fields.ts';
import { sighting, type Recogniser } from '../sighting/sighting.ts';

/** Offset of the superblock (Linux Documentation/filesystems/ext4/super.rst). */
const AT = 1024;

const HAS_JOURNAL = 0x4;
const JOURNAL_DEVICE = 0x8;
const METADATA_CHECKSUM = 0x400;

/** Features that ext3 knows; any other makes it ext4 (libblkid/src/superblocks/ext.c). */
const EXT3_INCOMPATIBLE = 0x16;
const EXT3_READ_ONLY = 0x7;

/** ext2, ext3 and ext4. The magic has 16 bits, so the geometry must be valid. */
export const ext: Recogniser = ({ bytes }) => {
  if (bytes.u16le(AT + 56) !== 0xef53 || !isGeometrySound(bytes)) return null;
  const incompatible = bytes.u32le(AT + 96);
  const readOnly = bytes.u32le(AT + 100);
  const claims = blockCount(bytes) * BigInt(1024 << bytes.u32le(AT + 24));
  if ((incompatible & JOURNAL_DEVICE) !== 0) {
    return sighting('ext journal device', 'other', 'likely', AT, { detail: 'journal of another volume', claims });
  }
  return sighting(variant(bytes, incompatible, readOnly), 'filesystem', checksum(bytes, readOnly), AT, {
    detail: 'superblock',
    claims,
  });
};

function isGeometrySound(bytes: Fields): boolean {
  const blockShift = bytes.u32le(AT + 24);
  const clusterShift = bytes.u32le(AT + 28);
  const firstBlock = bytes.u32le(AT + 20);
  if (blockShift > 6 || clusterShift > 20 || firstBlock > 1) return false;
  const isJournal = (bytes.u32le(AT + 96) & JOURNAL_DEVICE) !== 0;
  const blocks = blockCount(bytes);
  if (blocks === 0n || bytes.u32le(AT + 76) > 1) return false;
  if (isJournal) return true;
  const inodes = bytes.u32le(AT);
  const inodesPerGroup = bytes.u32le(AT + 40);
  const bitsOfBlock = (1024 << blockShift) * 8;
  return (
    inodes !== 0 &&
    bytes.u32le(AT + 16) <= inodes &&
    inodesPerGroup !== 0 &&
    inodesPerGroup <= bitsOfBlock &&
    inodes % inodesPerGroup === 0 &&
    bytes.u32le(AT + 32) !== 0 &&
    BigInt(bytes.u32le(AT + 12)) <= blocks
  );
}

/** Returns the number of blocks. Its upper half only counts with the feature 64bit. */
function blockCount(bytes: Fields): bigint {
  const upper = (bytes.u32le(AT + 96) & 0x80) !== 0 ? BigInt(bytes.u32le(AT + 336)) : 0n;
  return (upper << 32n) | BigInt(bytes.u32le(AT + 4));
}

function variant(bytes: Fields, incompatible: number, readOnly: number): string {
  if ((incompatible & ~EXT3_INCOMPATIBLE) !== 0 || (readOnly & ~EXT3_READ_ONLY) !== 0) return 'ext4';
  return (bytes.u32le(AT + 92) & HAS_JOURNAL) !== 0 ? 'ext3' : 'ext2';
}

/** Verifies the CRC-32C over all bytes before it, which is not complemented at the end. */
function checksum(bytes: Fields, readOnly: number): 'certain' | 'likely' | 'weak' {
  if ((readOnly & METADATA_CHECKSUM) === 0 || !bytes.has(AT, 1024)) return 'likely';
  const computed = ~crc32c(bytes.slice(AT, AT + 1020)) >>> 0;
  return computed === bytes.u32le(AT + 1020) ? 'certain' : 'weak';
}
