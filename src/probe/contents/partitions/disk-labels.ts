import { sumOf } from '../../reading/checksums.ts';
import { type Fields, isPowerOfTwo } from '../../reading/fields.ts';
import { sighting, type Partition, type Recogniser } from '../sighting/sighting.ts';

/**
 * Apple partition map: "ER" in block 0, and in the next block a map entry "PM" with the number of entries.
 * Source: util-linux libblkid/src/partitions/mac.c.
 */
export const appleMap: Recogniser = ({ bytes }) => {
  if (!bytes.is(0, 'ER')) return null;
  const blockSize = bytes.u16be(2);
  if (!isPowerOfTwo(blockSize, 512, 4096)) return null;
  const at = [512, 1024, 2048, 4096].find((offset) => bytes.is(offset, 'PM'));
  if (at === undefined) return null;
  const entries = bytes.u32be(at + 4);
  if (entries < 1 || entries > 256 || bytes.u32be(at + 12) === 0) return null;
  return sighting('Apple partition map', 'disk', 'likely', at, { detail: `${entries} entries` });
};

const BSD_MAGIC = 0x82564557;

/**
 * BSD disklabel: its magic twice; the exclusive or of its 16-bit words, partitions included, is zero.
 * Source: util-linux libblkid/src/partitions/bsd.c and include/pt-bsd.h.
 */
export const bsdLabel: Recogniser = ({ bytes }) => {
  const at = [512, 64, 128].find((offset) => bytes.has(offset, 404) && bytes.u32le(offset) === BSD_MAGIC);
  if (at === undefined || bytes.u32le(at + 132) !== BSD_MAGIC) return null;
  const partitions = bytes.u16le(at + 138);
  if (partitions === 0 || partitions > 22) return null;
  const length = 148 + 16 * partitions;
  if (!bytes.has(at, length)) return null;
  const isSummed = xorOfWords(bytes, at, length) === 0;
  return sighting('BSD disklabel', 'disk', isSummed ? 'certain' : 'weak', at, {
    detail: `${partitions} partitions`,
    partitions: partitionsOf(partitions, (index) => {
      const entry = at + 148 + 16 * index;
      const isUsed = bytes.u8(entry + 12) !== 0;
      return isUsed ? { start: bytes.u32le(entry + 4), sectors: bytes.u32le(entry) } : null;
    }),
  });
};

const SUN_WHOLE_DISK = 5;

/** Sun label: DA BE at 508; the exclusive or of all 16-bit words is zero (libblkid/src/partitions/sun.c). */
export const sunLabel: Recogniser = ({ bytes }) => {
  if (!bytes.is(508, [0xda, 0xbe]) || xorOfWords(bytes, 0, 512) !== 0) return null;
  if (bytes.u16be(436) === 0 || bytes.u16be(438) === 0) return null;
  const cylinder = bytes.u16be(436) * bytes.u16be(438);
  return sighting('Sun disk label', 'disk', 'certain', 508, {
    detail: 'checksum holds',
    partitions: partitionsOf(8, (index) =>
      bytes.u16be(142 + 4 * index) === SUN_WHOLE_DISK
        ? null
        : { start: bytes.u32be(444 + 8 * index) * cylinder, sectors: bytes.u32be(448 + 8 * index) },
    ),
  });
};

const SGI_WHOLE_DISK = 6;

/** SGI volume header: all 32-bit words of the sector sum up to zero (libblkid/src/partitions/sgi.c). */
export const sgiLabel: Recogniser = ({ bytes }) => {
  if (!bytes.is(0, [0x0b, 0xe5, 0xa9, 0x41])) return null;
  if (sumOf(0, 512, 4, (offset) => bytes.u32be(offset)) !== 0) return null;
  return sighting('SGI disk label', 'disk', 'certain', 0, {
    detail: 'checksum holds',
    partitions: partitionsOf(16, (index) => {
      const entry = 312 + 12 * index;
      const isWhole = bytes.u32be(entry + 8) === SGI_WHOLE_DISK;
      return isWhole ? null : { start: bytes.u32be(entry + 4), sectors: bytes.u32be(entry) };
    }),
  });
};

/** "IBMA" in EBCDIC at the beginning of an AIX boot record, and the place of the volume manager's record, sector 7. */
const AIX_BOOT_RECORD = [0xc9, 0xc2, 0xd4, 0xc1] as const;
const AIX_LVM_AT = 7 * 512;

/** AIX physical volume. Sources: util-linux libblkid/src/partitions/aix.h, Linux block/partitions/aix.c. */
export const aixLabel: Recogniser = ({ bytes }) => {
  if (!bytes.is(0, AIX_BOOT_RECORD) || bytes.slice(4, 24).some((byte) => byte !== 0)) return null;
  const isManaged = bytes.is(AIX_LVM_AT, '_LVM');
  return sighting('AIX disk label', 'disk', isManaged ? 'certain' : 'likely', 0, { detail: 'boot record' });
};

const ATARI_SIZE_AT = 450;
const ATARI_ENTRIES_AT = 454;
const ATARI_ID = /^[A-Z0-9]{3}$/u;

/** Partition types of systems for the Atari ST, and `XGM`, which extends the table. */
const ATARI_IDS = new Set(['GEM', 'BGM', 'XGM', 'LNX', 'SWP', 'RAW', 'MIX', 'MNX', 'MAC', 'QWA', 'UNX', 'F32']);

/**
 * Partition table of the Atari hard disk interface (AHDI). It has no magic: the size of the disk, the list of bad
 * sectors and all entries must agree, and one of the types must be known. Source: util-linux
 * libblkid/src/partitions/atari.c, which checks less.
 */
export const atariLabel: Recogniser = ({ bytes, guestSize }) => {
  const all = bytes.u32be(ATARI_SIZE_AT);
  if (all < 2 || (guestSize !== null && all > guestSize / 512)) return null;
  const fits = (start: number, length: number): boolean => start > 0 && length > 0 && start + length <= all;
  const [badStart, badLength] = [bytes.u32be(502), bytes.u32be(506)];
  if (badStart + badLength > 0 && !fits(badStart, badLength)) return null;
  const used = [0, 1, 2, 3]
    .map((index) => ATARI_ENTRIES_AT + 12 * index)
    .filter((at) => (bytes.u8(at) & 1) === 1)
    .map((at) => ({
      // No flags but "in use" and "bootable".
      isPlain: (bytes.u8(at) & 0x7e) === 0,
      id: bytes.text(at + 1, at + 4),
      start: bytes.u32be(at + 4),
      sectors: bytes.u32be(at + 8),
    }));
  if (!used.some(({ id }) => ATARI_IDS.has(id))) return null;
  if (!used.every(({ isPlain, id, start, sectors }) => isPlain && ATARI_ID.test(id) && fits(start, sectors)))
    return null;
  const partitions = partitionsOf(used.length, (index) => used[index] ?? null);
  if (partitions.some(({ start, end }) => partitions.some((other) => other.start > start && other.start < end))) {
    return null;
  }
  return sighting('Atari partition table', 'disk', 'likely', ATARI_ENTRIES_AT, {
    detail: `${used.length} ${used.length === 1 ? 'entry' : 'entries'}`,
    partitions,
  });
};

const AMIGA_BLOCKS = 16;

/**
 * Amiga rigid disk block: "RDSK" in one of the first 16 sectors, and as many 32-bit words as it says sum up to zero.
 * Source: Linux block/partitions/amiga.c.
 */
export const amigaLabel: Recogniser = ({ bytes }) => {
  for (let at = 0; at < AMIGA_BLOCKS * 512; at += 512) {
    if (!bytes.is(at, 'RDSK')) continue;
    const words = bytes.u32be(at + 4);
    if (words < 32 || words > 128 || sumOf(at, 4 * words, 4, (offset) => bytes.u32be(offset)) !== 0) continue;
    return sighting('Amiga rigid disk block', 'disk', 'certain', at, { detail: 'checksum holds' });
  }
  return null;
};

const PC98_ENTRIES = 16;

/**
 * Partition table of the NEC PC-98: "IPL1" and 55 AA in the boot sector, entries of 32 bytes in the next sector. No
 * used entry ends before the cylinder on which it begins. Source: GNU parted libparted/labels/pc98.c.
 */
export const pc98Table: Recogniser = ({ bytes }) => {
  if (!bytes.is(4, 'IPL1') || !bytes.is(510, [0x55, 0xaa])) return null;
  const entries = Array.from({ length: PC98_ENTRIES }, (_, index) => 512 + 32 * index);
  const used = entries.filter((at) => bytes.u8(at) !== 0 && bytes.u8(at + 1) !== 0);
  const isOrdered = used.every((at) => bytes.u16le(at + 10) <= bytes.u16le(at + 14) && bytes.u16le(at + 14) > 0);
  if (used.length === 0 || !isOrdered) return null;
  return sighting('PC-98 partition table', 'disk', 'likely', 4, { detail: `${used.length} entries` });
};

/** The partitions of a label that are not empty. `entryAt`: null for an entry unused or over the whole disk. */
function partitionsOf(
  count: number,
  entryAt: (index: number) => { readonly start: number; readonly sectors: number } | null,
): readonly Partition[] {
  return Array.from({ length: count }, (_, index) => entryAt(index)).flatMap((entry) =>
    entry === null || entry.sectors === 0
      ? []
      : [{ start: BigInt(entry.start) * 512n, end: BigInt(entry.start + entry.sectors) * 512n }],
  );
}

/** Zero in one byte order is zero in the other. */
function xorOfWords(bytes: Fields, start: number, length: number): number {
  let sum = 0;
  for (let offset = start; offset < start + length; offset += 2) sum ^= bytes.u16le(offset);
  return sum;
}

/** "VOL1", "LNX1" and "CMS1" in EBCDIC. */
const VOL1 = [0xe5, 0xd6, 0xd3, 0xf1] as const;
const LNX1 = [0xd3, 0xd5, 0xe7, 0xf1] as const;
const CMS1 = [0xc3, 0xd4, 0xe2, 0xf1] as const;
const BLANK = 0x40;

/** Offsets of a label: sector 1 of an FBA disk, block 2 of an ECKD disk for each block size. */
const LABEL_AT = [512, 1024, 2048, 4096, 8192] as const;

/**
 * The volume label of a DASD: compatible disk layout, Linux disk layout or CMS minidisk. Sources: Linux
 * block/partitions/ibm.c and arch/s390/include/uapi/asm/vtoc.h.
 */
export const dasdLabel: Recogniser = ({ bytes }) => {
  for (const at of LABEL_AT) {
    if (bytes.is(at, VOL1)) {
      // On ECKD the record has a key, which repeats the name.
      const label = bytes.is(at + 4, VOL1) ? at + 4 : at;
      if (!isVolumeId(bytes, label + 4)) continue;
      return sighting('DASD label', 'disk', label === at ? 'likely' : 'certain', at, { detail: 'VOL1' });
    }
    if (bytes.is(at, LNX1) && isVolumeId(bytes, at + 4)) {
      const isFilled = bytes.slice(at + 10, at + 79).every((byte) => byte === BLANK);
      return sighting('DASD label', 'disk', isFilled ? 'certain' : 'likely', at, { detail: 'LNX1' });
    }
    if (bytes.is(at, CMS1) && isVolumeId(bytes, at + 4) && isCms(bytes, at)) {
      return sighting('DASD label', 'disk', 'likely', at, { detail: 'CMS1' });
    }
  }
  return null;
};

/** Whether six bytes are letters, digits and national characters in EBCDIC, with blanks at the end. */
function isVolumeId(bytes: Fields, at: number): boolean {
  const id = bytes.slice(at, at + 6);
  return id[0] !== BLANK && id.every((byte) => byte === BLANK || isEbcdicName(byte));
}

function isEbcdicName(byte: number): boolean {
  if (byte === 0x5b || byte === 0x7b || byte === 0x7c) return true;
  return byte >= 0xc1 && (byte & 0x0f) <= 9 && byte !== 0xd0 && byte !== 0xe0 && byte !== 0xe1;
}

function isCms(bytes: Fields, at: number): boolean {
  const [usable, formatted] = [bytes.u32be(at + 20), bytes.u32be(at + 24)];
  return [512, 1024, 2048, 4096].includes(bytes.u32be(at + 12)) && usable > 0 && usable <= formatted;
}

const ZVM_HEADER = /^xCAT (?<kind>CKD Disk|FCP Disk|FBA Part) Image: *\d+ (?:CYL|BLK)(?<version2> HLen: \d{4})? /u;
const ZVM_HEADER_LENGTH = 512;

/**
 * An image that the z/VM driver captured from a disk: a text header of 512 bytes, and the tracks or blocks, often in
 * gzip. From an FBA disk it holds only the first partition. Source: openmainframeproject/feilong,
 * zthin-parts/zthin/bin/creatediskimage.
 */
export const zvmImage: Recogniser = ({ bytes }) => {
  if (!bytes.is(0, 'xCAT ') || !bytes.has(0, ZVM_HEADER_LENGTH)) return null;
  const header = ZVM_HEADER.exec(bytes.text(0, ZVM_HEADER_LENGTH));
  if (header?.groups === undefined) return null;
  if (header.groups['kind'] === 'FBA Part') {
    return sighting('z/VM image', 'disk', 'likely', 0, { detail: 'of an FBA disk', alsoReadAs: ['filesystem'] });
  }
  const confidence = header.groups['version2'] === undefined ? 'likely' : 'certain';
  return sighting('z/VM image', 'disk', confidence, 0, { detail: 'of a whole disk' });
};
