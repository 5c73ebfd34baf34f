import type { Fields } from '../fields.ts';
import { rawCrc32 } from '../checksums.ts';
import { sighting, type Recogniser } from './sighting.ts';

/** Of every LVM2 label (lvm2 lib/misc/crc.h). */
const LVM_CRC_SEED = 0xf597a6cf;

/** A physical volume of LVM2: a label in one of the first four sectors that knows its sector (lvm2 lib/label/label.h). */
export const lvm2: Recogniser = ({ bytes }) => {
  const at = [0, 512, 1024, 1536].find((sector) => bytes.is(sector, 'LABELONE') && bytes.is(sector + 24, 'LVM2 001'));
  if (at === undefined || bytes.u64le(at + 8) !== BigInt(at / 512)) return null;
  const holds = rawCrc32(bytes.slice(at + 20, at + 512), LVM_CRC_SEED) === bytes.u32le(at + 16);
  return holds ? sighting('LVM2 physical volume', 'other', 'certain', at, { detail: 'label checksum holds' }) : null;
};

/** LUKS 1 and 2 inside the guest (cryptsetup, LUKS1 and LUKS2 On-Disk Format Specification). */
export const luks: Recogniser = ({ bytes }) => {
  if (!bytes.is(0, [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe])) return null;
  const version = bytes.u16be(6);
  if (version !== 1 && version !== 2) return null;
  return sighting(`LUKS${version}`, 'encrypted', 'certain', 0, { safety: ['ENCRYPTED_CONTENT'] });
};

const MD_MAGIC = 0xa92b4efc;
const MD_HEADER = 256;

/** Linux MD, metadata 1.1 at the beginning, 1.2 behind 4 KiB; older versions keep it at the end (Linux include/uapi/linux/raid/md_p.h). */
export const mdRaid: Recogniser = ({ bytes }) => {
  for (const [at, version] of [
    [0, '1.1'],
    [4096, '1.2'],
  ] as const) {
    if (!bytes.has(at, MD_HEADER) || bytes.u32le(at) !== MD_MAGIC || bytes.u32le(at + 4) !== 1) continue;
    if (bytes.u64le(at + 144) !== BigInt(at / 512)) continue;
    const checksum = mdChecksum(bytes, at);
    if (checksum !== 'wrong') {
      return sighting('MD RAID member', 'other', checksum === 'holds' ? 'certain' : 'likely', at, {
        detail: `metadata ${version}`,
      });
    }
  }
  return null;
};

/** Sum of all 32-bit words with the checksum as zero and two bytes for every device, carried over once (drivers/md/md.c). */
function mdChecksum(bytes: Fields, at: number): 'holds' | 'wrong' | 'unseen' {
  const length = MD_HEADER + 2 * bytes.u32le(at + 220);
  if (!bytes.has(at, length)) return 'unseen';
  let sum = -BigInt(bytes.u32le(at + 216));
  for (let offset = 0; offset + 4 <= length; offset += 4) sum += BigInt(bytes.u32le(at + offset));
  if (length % 4 === 2) sum += BigInt(bytes.u16le(at + length - 2));
  const carried = (sum & 0xffff_ffffn) + (sum >> 32n);
  return Number(carried & 0xffff_ffffn) === bytes.u32le(at + 216) ? 'holds' : 'wrong';
}

/** Magic of both kinds of bcache member (Linux drivers/md/bcache/bcache_ondisk.h); its superblock knows its sector. */
const BCACHE = [0xc6, 0x85, 0x73, 0xf6, 0x4e, 0x1a, 0x45, 0xca, 0x82, 0x65, 0xf5, 0x7f, 0x48, 0xba, 0x6d, 0x81];

export const bcache: Recogniser = ({ bytes }) =>
  bytes.is(4120, BCACHE) && bytes.u64le(4104) === 8n ? sighting('bcache member', 'other', 'likely', 4120) : null;

/** Device-mapper targets with a superblock at 0, that of VDO with a checksum that is not computed here (libblkid/src/superblocks/vdo.c, lvm.c; Linux drivers/md/dm-integrity.c). */
const MAPPED = [
  { name: 'VDO volume', magic: 'dmvdo001', sure: 'likely', isSound: (): boolean => true },
  {
    name: 'dm-verity hash tree',
    magic: 'verity\0\0',
    sure: 'certain',
    isSound: (bytes: Fields) => bytes.u32le(8) === 1,
  },
  {
    name: 'dm-integrity volume',
    magic: 'integrt\0',
    sure: 'certain',
    isSound: (bytes: Fields) => bytes.u8(8) >= 1 && bytes.u8(8) <= 6,
  },
] as const;

export const mappedDevice: Recogniser = ({ bytes }) => {
  const found = MAPPED.find(({ magic, isSound }) => bytes.is(0, magic) && isSound(bytes));
  return found === undefined ? null : sighting(found.name, 'other', found.sure, 0, { detail: 'superblock' });
};
