import { crc32 } from 'node:zlib';
import { sumOf } from '../../reading/checksums.ts';
import { type Fields, fieldsOf, isPowerOfTwo } from '../../reading/fields.ts';
import { sighting, type Recogniser, type Sighting, bothOrders } from '../sighting/sighting.ts';

/** Bytes before the end of the last whole sector that `raidMember` needs: Promise's metadata lie 63 sectors back. */
export const RAID_TAIL_LENGTH = 64 * 512;

type Certainty = Sighting['confidence'] | null;

/** Metadata of a RAID controller's firmware. `sector` counts from the end; `judge` takes the bytes from there on. */
interface TailFormat {
  readonly name: string;
  readonly sector: number;
  readonly judge: (bytes: Fields) => Certainty;
}

/** Sources: util-linux libblkid/src/superblocks/*_raid.c; dmraid lib/format/ataraid/*.h for other fields. */
const TAIL_FORMATS: readonly TailFormat[] = [
  { name: 'Adaptec', sector: 1, judge: adaptec },
  { name: 'DDF', sector: 1, judge: ddf },
  { name: 'HighPoint 45x', sector: 11, judge: highPoint45x },
  { name: 'Intel Matrix', sector: 2, judge: intelMatrix },
  { name: 'JMicron', sector: 1, judge: jMicron },
  { name: 'LSI Mega', sector: 1, judge: (bytes) => (bytes.is(0, '$XIDE$') ? 'likely' : null) },
  { name: 'NVIDIA', sector: 2, judge: nvidia },
  { name: 'Promise FastTrak', sector: 63, judge: promise },
  { name: 'Promise FastTrak', sector: 16, judge: promise },
  { name: 'Silicon Image Medley', sector: 1, judge: siliconImage },
  { name: 'VIA', sector: 1, judge: via },
];

/**
 * Recognises a RAID member by the end of the file.
 *
 * @param tail from `RAID_TAIL_LENGTH` bytes before the end of the last whole sector to the end of the file.
 * @param start offset of `tail` in the file.
 * @throws Unreadable where bytes of the end are missing.
 */
export function raidMember(tail: Fields, start: number): Sighting | null {
  for (const { name, sector, judge } of TAIL_FORMATS) {
    const at = RAID_TAIL_LENGTH - 512 * sector;
    const certainty = judge(fieldsOf(tail.slice(at, RAID_TAIL_LENGTH)));
    if (certainty !== null) return sighting(`${name} RAID member`, 'other', certainty, start + at);
  }
  const at = tail.length - 4096;
  return drbd(fieldsOf(tail.slice(at, tail.length))) ? sighting('DRBD device', 'other', 'likely', start + at) : null;
}

function adaptec(bytes: Fields): Certainty {
  return bytes.is(0, [0x37, 0xfc, 0x4d, 0x1e]) && bytes.is(256, 'DPTM') ? 'likely' : null;
}

const DDF_REVISION = /^\d\d\.\d\d\.\d\d$/u;

/**
 * DDF: the CRC-32 of the header counts its own field as ones. Some members have another checksum in their anchor; the
 * revision makes them likely.
 */
function ddf(bytes: Fields): Certainty {
  const isBig = bytes.is(0, [0xde, 0x11, 0xde, 0x11]);
  if (!isBig && !bytes.is(0, [0x11, 0xde, 0x11, 0xde])) return null;
  if (!DDF_REVISION.test(bytes.text(32, 40))) return null;
  const header = Uint8Array.from(bytes.slice(0, 512)).fill(0xff, 4, 8);
  return crc32(header) === (isBig ? bytes.u32be(4) : bytes.u32le(4)) ? 'certain' : 'likely';
}

const HIGHPOINT_BAD = 0x5a7816fd;

/** HighPoint 45x: magic, two identifiers, sectors of the set, then type, disks, number of this disk and stripe. */
function highPoint45x(bytes: Fields): Certainty {
  if (bytes.u32le(0) !== 0x5a7816f3 && bytes.u32le(0) !== HIGHPOINT_BAD) return null;
  return bytes.u32le(12) > 0 && isArray(bytes.u8(17), bytes.u8(18), bytes.u8(16)) ? 'likely' : null;
}

/** HighPoint 37x has its metadata in sector 9, which partition tables leave free, so it contradicts nothing else. */
export const highPoint37x: Recogniser = ({ bytes }) => {
  const at = 9 * 512;
  const magic = bytes.u32le(at + 32);
  if ((magic !== 0x5a7816f0 && magic !== HIGHPOINT_BAD) || bytes.slice(at, at + 32).some((byte) => byte !== 0)) {
    return null;
  }
  if (!isArray(bytes.u8(at + 48), bytes.u8(at + 51), bytes.u8(at + 50)) || bytes.u32le(at + 52) === 0) return null;
  return sighting('HighPoint 37x RAID member', 'other', 'likely', at);
};

function isArray(disks: number, disk: number, type: number): boolean {
  return disks >= 1 && disks <= 32 && disk < 8 && type <= 7;
}

/**
 * Intel Matrix: the checksum is the sum of all other 32-bit words. Of metadata longer than a sector the rest lies
 * before it and is not summed.
 */
function intelMatrix(bytes: Fields): Certainty {
  if (!bytes.is(0, 'Intel Raid ISM Cfg Sig. ')) return null;
  const length = bytes.u32le(36);
  if (length < 216 || length % 4 !== 0) return null;
  if (length > 512) return 'likely';
  return sumOf32(bytes, length) === (2 * bytes.u32le(32)) % 2 ** 32 ? 'certain' : null;
}

/** JMicron: 64 words that sum up to 0 or 1. */
function jMicron(bytes: Fields): Certainty {
  return bytes.is(0, 'JM') && sumOf16(bytes, 128) <= 1 && bytes.u8(48) <= 5 ? 'likely' : null;
}

function nvidia(bytes: Fields): Certainty {
  const words = bytes.u32le(8);
  if (!bytes.is(0, 'NVIDIA') || words < 30 || words > 128) return null;
  return sumOf32(bytes, 4 * words) === 0 ? 'certain' : null;
}

/** Promise FastTrak: four sectors, whose last word is the sum of the others. */
function promise(bytes: Fields): Certainty {
  if (!bytes.is(0, 'Promise Technology, Inc.')) return null;
  return sumOf32(bytes, 2044) === bytes.u32le(2044) ? 'certain' : 'likely';
}

function siliconImage(bytes: Fields): Certainty {
  return bytes.u32le(96) === 0x2f000000 && bytes.u8(278) < 8 && sumOf16(bytes, 320) === 0 ? 'likely' : null;
}

/** VIA: others have the magic 55 AA too, so this disk must be one of the set's eight, and the sum of 50 bytes right. */
function via(bytes: Fields): Certainty {
  if (bytes.u16le(0) !== 0xaa55 || bytes.u8(2) > 2 || bytes.u16le(3) === 0) return null;
  const disk = bytes.u32le(14);
  const isListed = [0, 1, 2, 3, 4, 5, 6, 7].some((index) => bytes.u32le(18 + 4 * index) === disk);
  const sum = bytes.slice(0, 50).reduce((all, byte) => (all + byte) & 0xff, 0);
  return disk !== 0 && isListed && sum === bytes.u8(50) ? 'likely' : null;
}

/** DRBD 8 and 9: big-endian metadata behind activity log and bitmap (libblkid/src/superblocks/drbd.c). */
function drbd(bytes: Fields): boolean {
  const magic = bytes.u32be(60);
  if (magic < 0x8374026b || magic > 0x8374026d) return false;
  const areBefore = [68, 76].every((offset) => bytes.u32be(offset) >= 2 ** 31);
  return areBefore && bytes.u32be(64) > 0 && isPowerOfTwo(bytes.u32be(80), 4096, 2 ** 20);
}

function sumOf32(bytes: Fields, length: number): number {
  return sumOf(0, length, 4, (offset) => bytes.u32le(offset));
}

function sumOf16(bytes: Fields, length: number): number {
  return sumOf(0, length, 2, (offset) => bytes.u16le(offset)) & 0xffff;
}

const MD_MAGIC = 0xa92b4efc;
const MD_HEADER = 256;

/** Linux MD: metadata 1.1 at offset 0, 1.2 at 4 KiB (Linux include/uapi/linux/raid/md_p.h). */
export const mdRaid: Recogniser = ({ bytes }) => mdVersion1(bytes, 0, 0, '1.1') ?? mdVersion1(bytes, 4096, 4096, '1.2');

/** Reads metadata of version 1 at `at` of the bytes; null unless they name `place` as their offset in the member. */
export function mdVersion1(bytes: Fields, at: number, place: number, version: string): Sighting | null {
  if (!bytes.has(at, MD_HEADER) || bytes.u32le(at) !== MD_MAGIC || bytes.u32le(at + 4) !== 1) return null;
  if (bytes.u64le(at + 144) !== BigInt(place / 512)) return null;
  const checksum = version1Checksum(bytes, at);
  if (checksum === 'wrong') return null;
  return member(checksum === 'holds' ? 'certain' : 'likely', place, version);
}

/** Verifies the sum of all 32-bit words, the checksum as zero, two bytes a device and one carry (drivers/md/md.c). */
function version1Checksum(bytes: Fields, at: number): 'holds' | 'wrong' | 'unseen' {
  const length = MD_HEADER + 2 * bytes.u32le(at + 220);
  if (!bytes.has(at, length)) return 'unseen';
  let sum = -BigInt(bytes.u32le(at + 216));
  for (let offset = 0; offset + 4 <= length; offset += 4) sum += BigInt(bytes.u32le(at + offset));
  if (length % 4 === 2) sum += BigInt(bytes.u16le(at + length - 2));
  return withCarry(sum) === bytes.u32le(at + 216) ? 'holds' : 'wrong';
}

const MD_090_LENGTH = 4096;
const MD_090_CHECKSUM = 152;

/** Reads the 4 KiB of metadata 0.90, in the byte order of their writer. `place` is their offset in the member. */
export function mdVersion090(bytes: Fields, place: number): Sighting | null {
  const order = bothOrders(bytes).find(({ u32 }) => bytes.has(0, MD_090_LENGTH) && u32(0) === MD_MAGIC);
  if (order === undefined || order.u32(4) !== 0 || order.u32(8) !== 90) return null;
  let sum = -BigInt(order.u32(MD_090_CHECKSUM));
  for (let offset = 0; offset < MD_090_LENGTH; offset += 4) sum += BigInt(order.u32(offset));
  return withCarry(sum) === order.u32(MD_090_CHECKSUM) ? member('certain', place, '0.90') : null;
}

function withCarry(sum: bigint): number {
  return Number(((sum & 0xffff_ffffn) + (sum >> 32n)) & 0xffff_ffffn);
}

function member(confidence: 'certain' | 'likely', place: number, version: string): Sighting {
  return sighting('MD RAID member', 'other', confidence, place, { detail: `metadata ${version}` });
}
