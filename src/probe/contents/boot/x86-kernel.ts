import type { Fields } from '../../reading/fields.ts';
import { isPortableExecutable } from './portable-executable.ts';
import { sighting, type Recogniser } from '../sighting/sighting.ts';

/**
 * The Linux boot protocol of x86 from version 2.00: bzImage, zImage, and programs that imitate them (memdisk, iPXE,
 * memtest86+). Source: Linux Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header".
 */
export const x86Kernel: Recogniser = ({ bytes, guestSize }) => {
  if (!bytes.is(510, [0x55, 0xaa]) || !bytes.is(514, 'HdrS')) return null;
  const protocol = bytes.u16le(518);
  if (protocol < 0x200 || protocol > 0x2ff) return null;
  // GRUB's lnxboot.img is the header alone, which GRUB puts before its own image.
  if (guestSize !== null && guestSize <= (setupSectors(bytes) + 1) * 512) return null;
  const name = (bytes.u8(529) & 1) === 1 ? 'bzImage' : 'zImage';
  const isStub = isPortableExecutable(bytes);
  const isSound = isStub || hasVersionText(bytes);
  return sighting(name, 'kernel', isSound ? 'certain' : 'likely', 514, {
    detail: `boot protocol ${protocol >> 8}.${protocol & 0xff}${isStub ? ', EFI stub' : ''}`,
    claims: protocol >= 0x204 ? leastLength(bytes) : null,
  });
};

/**
 * Returns the least length: setup sectors, and units of 16 bytes of which the last may not be full. Needs protocol
 * 2.04: older ones cut the count to 16 bits.
 */
function leastLength(bytes: Fields): bigint {
  return BigInt((setupSectors(bytes) + 1) * 512) + BigInt(bytes.u32le(500)) * 16n - 15n;
}

function setupSectors(bytes: Fields): number {
  return bytes.u8(497) || 4;
}

/** Whether the version pointer, counted from 512, leads to text in the setup sectors. */
function hasVersionText(bytes: Fields): boolean {
  const pointer = bytes.u16le(526);
  const at = 512 + pointer;
  if (pointer === 0 || at >= (setupSectors(bytes) + 1) * 512 || !bytes.has(at, 4)) return false;
  return bytes.slice(at, at + 4).every((byte) => byte >= 0x20 && byte < 0x7f);
}
