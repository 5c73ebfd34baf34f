import type { Fields } from '../../reading/fields.ts';
import { bothOrders, sighting, type Recogniser } from '../sighting/sighting.ts';

/** Linux Documentation/driver-api/early-userspace/buffer-format.rst: 6 bytes of magic, 13 fields of 8 hex digits. */
const HEADER = 110;
const HEXADECIMAL = /^[0-9a-fA-F]{104}$/;

/** PATH_MAX of Linux, the NUL included. */
const LONGEST_NAME = 4096;

const TRAILER = 'TRAILER!!!\0';

interface Member {
  readonly fileSize: number;
  readonly nameLength: number;
  readonly name: string;
}

/** An initramfs: "newc" with or without checksums. Further archives, compressed or not, may follow the first. */
export const cpioRamdisk: Recogniser = ({ bytes }) => {
  const first = memberAt(bytes, 0);
  if (first === null) return null;
  const next = behind(first, 0);
  const isConfirmed = first.name === TRAILER || memberAt(bytes, next) !== null;
  return sighting('cpio newc', 'ramdisk', isConfirmed ? 'certain' : 'likely', 0, {
    detail: hasEarlyMembers(bytes) ? 'early microcode or ACPI tables first' : 'initramfs',
    claims: BigInt(next),
  });
};

function memberAt(bytes: Fields, at: number): Member | null {
  if (!bytes.is(at, '070701') && !bytes.is(at, '070702')) return null;
  if (!bytes.has(at, HEADER)) return null;
  const fields = bytes.text(at + 6, at + HEADER);
  if (!HEXADECIMAL.test(fields)) return null;
  const nameLength = Number.parseInt(fields.slice(88, 96), 16);
  if (nameLength < 2 || nameLength > LONGEST_NAME || !bytes.has(at + HEADER, nameLength)) return null;
  const name = bytes.text(at + HEADER, at + HEADER + nameLength);
  if (name.indexOf('\0') !== nameLength - 1) return null;
  return { fileSize: Number.parseInt(fields.slice(48, 56), 16), nameLength, name };
}

/** Most members that are read. Directories come before the file: `kernel`, `kernel/x86`, `kernel/x86/microcode`. */
const MOST_MEMBERS = 8;

/**
 * Whether there are members that the kernel reads before it unpacks (Linux Documentation/arch/x86/microcode.rst,
 * admin-guide/acpi).
 */
function hasEarlyMembers(bytes: Fields): boolean {
  let at = 0;
  for (let count = 0; count < MOST_MEMBERS; count += 1) {
    const member = memberAt(bytes, at);
    if (member === null) return false;
    if (/^(early_cpio\0|kernel\/x86\/microcode\/|kernel\/firmware\/acpi\/)/.test(member.name)) return true;
    at = behind(member, at);
  }
  return false;
}

/** Offset of the next member. */
function behind(member: Member, at: number): number {
  return aligned(aligned(at + HEADER + member.nameLength) + member.fileSize);
}

function aligned(offset: number): number {
  return Math.ceil(offset / 4) * 4;
}

/** POSIX.1-1988 "odc": octal digits. The kernel refuses it as an initramfs, but somebody may have meant one. */
export const cpioOdc: Recogniser = ({ bytes }) => {
  if (!bytes.is(0, '070707') || !/^[0-7]{70}$/.test(bytes.text(6, 76))) return null;
  const nameLength = Number.parseInt(bytes.text(59, 65), 8);
  if (nameLength < 2 || nameLength > LONGEST_NAME || bytes.u8(76 + nameLength - 1) !== 0) return null;
  return sighting('cpio odc', 'other', 'likely', 0, { detail: 'no initramfs format', alsoReadAs: ['ramdisk'] });
};

/** The binary header, 16-bit words in either order (FreeBSD cpio(5)). The magic is short: the name must be valid. */
export const cpioBinary: Recogniser = ({ bytes }) => {
  const order = bothOrders(bytes).find(({ u16 }) => u16(0) === 0o070707);
  if (order === undefined) return null;
  const word = order.u16;
  const nameLength = word(20);
  const fileType = word(6) >> 12;
  if (nameLength < 2 || nameLength > LONGEST_NAME || ![1, 2, 4, 6, 8, 10, 12].includes(fileType)) return null;
  const name = bytes.slice(26, 26 + nameLength);
  if (name.indexOf(0) !== nameLength - 1 || name.subarray(0, -1).some((byte) => byte < 0x20)) return null;
  return sighting('cpio binary', 'other', 'weak', 0, { detail: 'no initramfs format', alsoReadAs: ['ramdisk'] });
};
