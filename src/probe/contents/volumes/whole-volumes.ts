import { type Fields, isPowerOfTwo } from '../../reading/fields.ts';
import { crc32c, rawCrc32 } from '../../reading/checksums.ts';
import { sighting, type Recogniser } from '../sighting/sighting.ts';

/** CRC seed of all LVM2 labels (lvm2 lib/misc/crc.h). */
const LVM_CRC_SEED = 0xf597a6cf;

/**
 * A physical volume of LVM2: a label in one of the first four sectors that names its sector (lvm2 lib/label/label.h).
 */
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

/**
 * Magic of both kinds of bcache member, whose superblock names its sector (Linux drivers/md/bcache/bcache_ondisk.h).
 */
export const BCACHE_MAGIC = [
  0xc6, 0x85, 0x73, 0xf6, 0x4e, 0x1a, 0x45, 0xca, 0x82, 0x65, 0xf5, 0x7f, 0x48, 0xba, 0x6d, 0x81,
];

export const bcache: Recogniser = ({ bytes }) =>
  bytes.is(4120, BCACHE_MAGIC) && bytes.u64le(4104) === 8n ? sighting('bcache member', 'other', 'likely', 4120) : null;

/**
 * Device-mapper targets with a superblock at 0. The checksum of VDO's is not computed
 * (libblkid/src/superblocks/vdo.c, lvm.c; Linux drivers/md/dm-integrity.c).
 */
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

const STRATIS = [...Buffer.from('!Stra0tis\x86\xff\x02^\x41rh', 'latin1')];

/**
 * Volumes that are no filesystem alone: parts of a pool, control volumes and journals. Source of places and checks,
 * unless another is named: util-linux libblkid/src/superblocks/, the file of the format's name.
 */
const AUXILIARY_VOLUMES: readonly {
  readonly name: string;
  readonly certain: boolean;
  readonly is: (bytes: Fields) => boolean;
}[] = [
  {
    name: 'Stratis pool member',
    certain: true,
    is: (bytes) =>
      [512, 4608].some((at) => bytes.is(at + 4, STRATIS) && crc32c(bytes.slice(at + 4, at + 512)) === bytes.u32le(at)),
  },
  {
    name: 'Ceph BlueStore device',
    certain: false,
    is: (bytes) => bytes.is(0, 'bluestore block device\n') && bytes.is(59, '\n') && UUID.test(bytes.text(23, 59)),
  },
  {
    name: 'DRBDmanage control volume',
    certain: true,
    is: (bytes) => bytes.is(0, '$DRBDmgr=q') && /^[0-9a-fA-F]{32}\n$/u.test(bytes.text(11, 44)),
  },
  {
    name: 'Core Storage volume',
    certain: true,
    // The checksum is not complemented at the end; its seed, always the same, stands beside it (cs_fvault2.c).
    is: (bytes) =>
      bytes.is(88, 'CS') &&
      bytes.u16le(8) === 1 &&
      bytes.u32le(4) === 0xffff_ffff &&
      ~crc32c(bytes.slice(8, 512)) >>> 0 === bytes.u32le(0),
  },
  {
    name: 'Oracle ASM disk',
    certain: false,
    // A label alone, or a header block of type 1 (oracleasm-support; the block layout of kfed).
    is: (bytes) =>
      bytes.is(32, 'ORCLDISK') && (bytes.slice(0, 32).every((byte) => byte === 0) || bytes.is(1, [0x82, 1])),
  },
  {
    name: 'XFS journal device',
    certain: false,
    // Magic, version and format of the first log record (xfs.c, `xlog_is_dataformat`).
    is: (bytes) =>
      bytes.is(0, [0xfe, 0xed, 0xba, 0xbe]) &&
      [1, 2].includes(bytes.u32be(8)) &&
      [1, 2, 3].includes(bytes.u32be(300)) &&
      bytes.u32be(12) <= 0x4_0000,
  },
  {
    name: 'snapshot exception store',
    certain: false,
    // Linux drivers/md/dm-snap-persistent.c, `disk_header`
    is: (bytes) =>
      bytes.is(0, 'SnAp') && bytes.u32le(4) <= 1 && bytes.u32le(8) === 1 && isPowerOfTwo(bytes.u32le(12), 1, 65_536),
  },
];

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

export const auxiliaryVolume: Recogniser = ({ bytes }) => {
  const found = AUXILIARY_VOLUMES.find(({ is }) => is(bytes));
  if (found === undefined) return null;
  return sighting(found.name, 'other', found.certain ? 'certain' : 'likely', 0, { detail: 'header' });
};
