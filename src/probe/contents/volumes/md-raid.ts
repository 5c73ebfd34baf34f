import type { Fields } from '../../reading/fields.ts';
import { bothOrders } from '../sighting/byte-order.ts';
import { sighting, type Recogniser, type Sighting } from '../sighting/sighting.ts';

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

/**
 * Verifies the sum of all 32-bit words, with the checksum as zero, two bytes for each device and one carry
 * (drivers/md/md.c).
 */
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

/**
 * Reads the 4 KiB of metadata 0.90, in the byte order of the machine that wrote them. `place` is their offset in the
 * member.
 */
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
