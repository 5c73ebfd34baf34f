import { type Fields, isPowerOfTwo } from '../../reading/fields.ts';
import { sighting, type Recogniser } from '../sighting/sighting.ts';

/** NTFS: fields of the FAT parameter block that it does not use are zero (libblkid/src/superblocks/ntfs.c). */
export const ntfs: Recogniser = ({ bytes }) => {
  if (!bytes.is(3, 'NTFS    ')) return null;
  const sectorSize = bytes.u16le(11);
  const clusterSectors = bytes.u8(13);
  if (!isPowerOfTwo(sectorSize, 256, 4096)) return null;
  if (!isPowerOfTwo(clusterSectors, 1, 128) && clusterSectors < 0xf0) return null;
  if (!bytes.is(14, [0, 0, 0, 0, 0, 0, 0]) || !bytes.is(22, [0, 0]) || bytes.u32le(32) !== 0) return null;
  const sectors = bytes.u64le(40);
  if (sectors === 0n || bytes.u64le(48) === 0n) return null;
  return sighting('NTFS', 'filesystem', 'certain', 3, { claims: sectors * BigInt(sectorSize) });
};

const CHECKED_SECTORS = 11;

/** exFAT: 53 zero bytes for FAT's parameter block, a checksum of 11 sectors in the twelfth (specification, 3). */
export const exfat: Recogniser = ({ bytes }) => {
  if (!bytes.is(3, 'EXFAT   ') || !bytes.is(510, [0x55, 0xaa])) return null;
  if (bytes.slice(11, 64).some((byte) => byte !== 0)) return null;
  const sectorShift = bytes.u8(108);
  if (sectorShift < 9 || sectorShift > 12 || bytes.u8(109) > 25 - sectorShift) return null;
  if (bytes.u8(110) < 1 || bytes.u8(110) > 2) return null;
  return sighting('exFAT', 'filesystem', bootChecksum(bytes, 2 ** sectorShift), 3, {
    claims: bytes.u64le(72) << BigInt(sectorShift),
  });
};

/** Verifies the checksum. It leaves out volume flags and the share in use, which change while the volume is mounted. */
function bootChecksum(bytes: Fields, sectorSize: number): 'certain' | 'likely' | 'weak' {
  const end = CHECKED_SECTORS * sectorSize;
  if (!bytes.has(end, 4)) return 'likely';
  let sum = 0;
  for (let index = 0; index < end; index += 1) {
    if (index === 106 || index === 107 || index === 112) continue;
    sum = (((sum << 31) | (sum >>> 1)) + bytes.u8(index)) >>> 0;
  }
  return sum === bytes.u32le(end) ? 'certain' : 'weak';
}

/** 4967D63B-2E29-4AD8-8399-F6A339E3D001, as stored. */
const BITLOCKER_ID = [0x3b, 0xd6, 0x67, 0x49, 0x29, 0x2e, 0xd8, 0x4a, 0x83, 0x99, 0xf6, 0xa3, 0x39, 0xe3, 0xd0, 0x01];

/**
 * BitLocker of Windows Vista and later, and BitLocker To Go, which looks like FAT
 * (libblkid/src/superblocks/bitlocker.c).
 */
export const bitLocker: Recogniser = ({ bytes }) => {
  const isToGo = bytes.is(3, 'MSWIN4.1') && bytes.is(424, BITLOCKER_ID);
  if (!bytes.is(3, '-FVE-FS-') && !isToGo) return null;
  return sighting('BitLocker', 'encrypted', 'certain', 3, { safety: ['ENCRYPTED_CONTENT'] });
};

/** Labels of FAT. JFS and HPFS have a similar block with labels of their own. */
const LABELS_AT_54 = ['FAT12   ', 'FAT16   ', 'FAT     ', 'MSDOS'] as const;
const LABELS_AT_82 = ['FAT32   ', 'MSWIN'] as const;
const FOREIGN_LABELS_AT_54 = ['JFS     ', 'HPFS    '] as const;
const FOREIGN_NAMES_AT_3 = ['NTFS    ', 'EXFAT   ', '-FVE-FS-'] as const;

/** Most clusters of FAT12 and of FAT16, which distinguish the variants (same document, "FAT Type Determination"). */
const MOST_FAT12 = 4084;
const MOST_FAT16 = 65_524;

/**
 * FAT12, FAT16 or FAT32, floppies (media F0) included. A volume without a label needs the first table entry, and either
 * jump and 55 AA or a second table or information sector: volumes for the Atari have neither label nor jump nor 55 AA,
 * and Linux mounts them (fs/fat/inode.c, `fat_read_bpb`). `weak`: the boot sector is valid, but no allocation table
 * lies at its place, as after a new partition table over an old volume.
 */
export const fat: Recogniser = ({ bytes }) => {
  const block = parameterBlock(bytes);
  if (block === null) return null;
  const table = tableState(bytes, block);
  const isLabelled =
    LABELS_AT_54.some((label) => bytes.is(54, label)) || LABELS_AT_82.some((label) => bytes.is(82, label));
  if (!isLabelled && !isConfirmed(bytes, block, table)) return null;
  const clusters = Math.floor((block.totalSectors - block.overhead) / block.clusterSectors);
  const variant = block.isFat32 ? 'FAT32' : clusters > MOST_FAT12 && clusters <= MOST_FAT16 ? 'FAT16' : 'FAT12';
  const likely = isLabelled && table === 'in order' ? 'certain' : 'likely';
  return sighting(variant, 'filesystem', table === 'elsewhere' ? 'weak' : likely, 11, {
    detail: table === 'in order' ? 'boot sector and allocation table' : 'boot sector',
    claims: BigInt(block.totalSectors) * BigInt(block.sectorSize),
  });
};

function parameterBlock(bytes: Fields) {
  if (FOREIGN_NAMES_AT_3.some((name) => bytes.is(3, name))) return null;
  if (FOREIGN_LABELS_AT_54.some((label) => bytes.is(54, label))) return null;
  const sectorSize = bytes.u16le(11);
  const clusterSectors = bytes.u8(13);
  const reservedSectors = bytes.u16le(14);
  const tables = bytes.u8(16);
  const rootEntries = bytes.u16le(17);
  const media = bytes.u8(21);
  const totalSectors = bytes.u16le(19) || bytes.u32le(32);
  const isFat32 = bytes.u16le(22) === 0;
  const tableSectors = bytes.u16le(22) || bytes.u32le(36);
  if (!isPowerOfTwo(sectorSize, 512, bytes.is(0, ATARI_JUMP) ? 16_384 : 4096) || !isPowerOfTwo(clusterSectors, 1, 128))
    return null;
  if (reservedSectors === 0 || tables < 1 || tables > 4 || tableSectors === 0) return null;
  if (media !== 0xf0 && media < 0xf8) return null;
  if (isFat32 === rootEntries > 0) return null;
  const overhead = reservedSectors + tables * tableSectors + Math.ceil((rootEntries * 32) / sectorSize);
  if (overhead >= totalSectors) return null;
  return {
    sectorSize,
    clusterSectors,
    reservedSectors,
    media,
    totalSectors,
    tables,
    rootEntries,
    tableSectors,
    // Sectors before the first cluster.
    overhead,
    isFat32,
  };
}

/** The BIOS parameter block (Microsoft, "FAT: General Overview of On-Disk Format", version 1.03). */
type ParameterBlock = Readonly<NonNullable<ReturnType<typeof parameterBlock>>>;

/** Whether the sector begins with a jump and ends with 55 AA. */
function isBootSector(bytes: Fields): boolean {
  return (bytes.is(0, [0xeb]) || bytes.is(0, [0xe9])) && bytes.is(510, [0x55, 0xaa]);
}

/** BRA.S of the 68000. Only volumes that begin with it have sectors above 4 KiB (dosfstools mkfs.fat.c, `-A`). */
const ATARI_JUMP = [0x60];

type TableState = 'in order' | 'elsewhere' | 'unseen';

/** Whether another structure confirms the parameter block of a volume without a label. */
function isConfirmed(bytes: Fields, block: ParameterBlock, table: TableState): boolean {
  if (table === 'in order' && (isBootSector(bytes) || hasEqualTables(bytes, block))) return true;
  return block.isFat32 && table !== 'elsewhere' && hasInfoSector(bytes, block.sectorSize);
}

/** Bytes of a table that are compared: its two reserved entries in the widest variant. */
const RESERVED_ENTRIES = 8;

/**
 * Whether two tables begin alike, the bits of the first entry are set, and the root directory takes whole sectors.
 * Where there is no second table, or it lies behind the window, the volume must begin with the jump of an Atari.
 */
function hasEqualTables(bytes: Fields, block: ParameterBlock): boolean {
  const first = block.reservedSectors * block.sectorSize;
  if ((block.rootEntries * 32) % block.sectorSize !== 0 || bytes.u8(first + 1) !== 0xff) return false;
  const second = first + block.tableSectors * block.sectorSize;
  if (block.tables === 1 || !bytes.has(second, RESERVED_ENTRIES)) return bytes.is(0, ATARI_JUMP);
  const reserved = (at: number): Uint8Array => bytes.slice(at, at + RESERVED_ENTRIES);
  return Buffer.compare(reserved(first), reserved(second)) === 0;
}

/** Whether FAT32's sector with the number of free clusters has both of its signatures. */
function hasInfoSector(bytes: Fields, sectorSize: number): boolean {
  const at = bytes.u16le(48) * sectorSize;
  return at > 0 && bytes.is(at, 'RRaA') && bytes.is(at + 484, 'rrAa');
}

/** Looks for the first entry of the table, which is the media byte and ones. */
function tableState(bytes: Fields, block: ParameterBlock): TableState {
  const at = block.reservedSectors * block.sectorSize;
  if (!bytes.has(at, 3)) return 'unseen';
  return bytes.u8(at) === block.media && (bytes.u8(at + 1) & 0x0f) === 0x0f && bytes.u8(at + 2) === 0xff
    ? 'in order'
    : 'elsewhere';
}
