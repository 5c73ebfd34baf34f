import type { Fields } from '../../reading/fields.ts';
import { sighting, type Recogniser } from '../sighting/sighting.ts';

/**
 * Whether a PE image begins: "MZ", and "PE\0\0" at the offset that stands at 60 (Microsoft PE format, "File Headers").
 */
export function isPortableExecutable(bytes: Fields): boolean {
  return signatureOffset(bytes) !== null;
}

function signatureOffset(bytes: Fields): number | null {
  if (!bytes.is(0, 'MZ') || !bytes.has(60, 4)) return null;
  const at = bytes.u32le(60);
  return bytes.is(at, 'PE\0\0') ? at : null;
}

/** Most sections that are searched, more than any kernel has. */
const MOST_SECTIONS = 96;

/** A unified kernel image has the kernel in a section of its own (UAPI Group, "Unified Kernel Image" specification). */
export const unifiedKernelImage: Recogniser = ({ bytes }) => {
  const at = signatureOffset(bytes);
  if (at === null) return null;
  const count = Math.min(bytes.u16le(at + 6), MOST_SECTIONS);
  const table = at + 24 + bytes.u16le(at + 20);
  for (let index = 0; index < count; index += 1) {
    if (bytes.is(table + 40 * index, '.linux\0\0')) {
      return sighting('unified kernel image', 'kernel', 'certain', table + 40 * index, { detail: 'PE section .linux' });
    }
  }
  return null;
};

/**
 * Kernels for LoongArch and others: "MZ", and a magic at 56 that no other PE image has (Linux include/linux/pe.h,
 * LINUX_PE_MAGIC).
 */
export const linuxPortableExecutable: Recogniser = ({ bytes }) => {
  if (!bytes.is(0, 'MZ') || !bytes.is(56, [0xcd, 0x23, 0x82, 0x81])) return null;
  return sighting('Linux PE image', 'kernel', isPortableExecutable(bytes) ? 'certain' : 'likely', 56);
};

/** A kernel that unpacks itself under EFI (Linux drivers/firmware/efi/libstub/zboot-header.S). */
export const efiZboot: Recogniser = ({ bytes }) => {
  if (!bytes.is(0, 'MZ\0\0zimg')) return null;
  const payload = bytes.u32le(8);
  const length = bytes.u32le(12);
  if (payload < 64 || length === 0) return null;
  return sighting('EFI zboot', 'kernel', isPortableExecutable(bytes) ? 'certain' : 'likely', 0, {
    detail: 'compressed kernel inside',
    claims: BigInt(payload) + BigInt(length),
  });
};
