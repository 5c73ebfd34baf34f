import type { Fields } from '../../reading/fields.ts';
import { bothOrders } from '../sighting/byte-order.ts';
import { isPortableExecutable } from './portable-executable.ts';
import { sighting, type Recogniser } from '../sighting/sighting.ts';

/** arm64: magic at 56 behind three reserved 64-bit words of zero (Linux Documentation/arch/arm64/booting.rst). */
export const arm64Image: Recogniser = ({ bytes }) => {
  if (!bytes.is(56, 'ARM\x64') || bytes.slice(32, 56).some((byte) => byte !== 0)) return null;
  if (bytes.u64le(24) > 0xffn) return null;
  return sighting('arm64 Image', 'kernel', isPortableExecutable(bytes) ? 'certain' : 'likely', 56);
};

/**
 * RISC-V: "RSC\x05" at 56; older versions also "RISCV" at 48 (Linux Documentation/arch/riscv/boot-image-header.rst).
 */
export const riscvImage: Recogniser = ({ bytes }) => {
  const hasOld = bytes.is(48, 'RISCV\0\0\0');
  const hasNew = bytes.is(56, 'RSC\x05');
  if (!hasOld && !hasNew) return null;
  const version = bytes.u32le(32);
  if (version >>> 16 > 1 || bytes.u32le(36) !== 0 || bytes.u64le(40) !== 0n) return null;
  return sighting('RISC-V Image', 'kernel', hasOld && hasNew ? 'certain' : 'likely', hasNew ? 56 : 48);
};

const ZIMAGE_MAGIC = 0x016f2818;

/** ARM zImage: magic, start, end and a byte order mark from 36 on (Linux arch/arm/boot/compressed/head.S). */
export const armZImage: Recogniser = ({ bytes }) => {
  const at = 36;
  const order = bothOrders(bytes).find(({ u32 }) => u32(at) === ZIMAGE_MAGIC);
  if (order === undefined) return null;
  const word = order.u32;
  const [start, end] = [word(at + 4), word(at + 8)];
  if (end <= start) return null;
  const isMarked = word(at + 12) === 0x04030201;
  if (!isMarked && !startsWithNops(bytes)) return null;
  return sighting('ARM zImage', 'kernel', isMarked ? 'certain' : 'likely', at, { claims: BigInt(end - start) });
};

/** Old versions begin with eight times "mov r0, r0". */
function startsWithNops(bytes: Fields): boolean {
  return bytes.is(0, [0, 0, 0xa0, 0xe1]) && bytes.is(4, [0, 0, 0xa0, 0xe1]);
}

/** s390: six letters behind the parameter area (Linux arch/s390/boot/head.S). */
export const s390Image: Recogniser = ({ bytes }) =>
  bytes.is(65_544, 'S390EP') ? sighting('s390 image', 'kernel', 'likely', 65_544) : null;
