import { crc32 } from 'node:zlib';
import { type Fields, isPowerOfTwo } from '../../reading/fields.ts';
import { sighting, type Recogniser, bothOrders } from '../sighting/sighting.ts';
import type { ImageType } from '../../../model/vocabulary.ts';
import { withZeroed } from '../../reading/checksums.ts';

/** Whether a PE image begins: "MZ", and "PE\0\0" at the offset stored at 60 (Microsoft PE format, "File Headers"). */
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

/** Kernels for LoongArch and others: "MZ" and a magic of their own (Linux include/linux/pe.h, LINUX_PE_MAGIC). */
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

/** arm64: magic at 56 behind three reserved 64-bit words of zero (Linux Documentation/arch/arm64/booting.rst). */
export const arm64Image: Recogniser = ({ bytes }) => {
  if (!bytes.is(56, 'ARM\x64') || bytes.slice(32, 56).some((byte) => byte !== 0)) return null;
  if (bytes.u64le(24) > 0xffn) return null;
  return sighting('arm64 Image', 'kernel', isPortableExecutable(bytes) ? 'certain' : 'likely', 56);
};

/** RISC-V: "RSC\x05" at 56; older ones also "RISCV" at 48 (Linux Documentation/arch/riscv/boot-image-header.rst). */
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

const MAGIC = 0x27051956;
const HEADER = 64;

/**
 * Types of content (u-boot include/image.h, IH_TYPE_*). A multi-file image boots as a kernel with its ramdisk and
 * device tree. Types that are not listed are firmware, scripts or device trees.
 */
const MEANING: ReadonlyMap<number, { readonly imageType: ImageType; readonly word: string }> = new Map([
  [2, { imageType: 'kernel', word: 'kernel' }],
  [3, { imageType: 'ramdisk', word: 'ramdisk' }],
  [4, { imageType: 'kernel', word: 'multi-file image' }],
  [5, { imageType: 'other', word: 'firmware' }],
  [6, { imageType: 'other', word: 'script' }],
  [7, { imageType: 'filesystem', word: 'filesystem' }],
  [8, { imageType: 'other', word: 'device tree' }],
  [14, { imageType: 'kernel', word: 'kernel' }],
]);

/** U-Boot's legacy image: a 64-byte header with a CRC-32 of itself. */
export const uBootImage: Recogniser = ({ bytes }) => {
  if (bytes.u32be(0) !== MAGIC) return null;
  const header = bytes.slice(0, HEADER);
  if (crc32(withZeroed(header, 4, 8)) !== bytes.u32be(4)) return null;
  const { imageType, word } = MEANING.get(bytes.u8(30)) ?? { imageType: 'other', word: 'of another kind' };
  return sighting('U-Boot image', imageType, 'certain', 0, {
    detail: `${word}, header checksum holds`,
    claims: BigInt(HEADER) + BigInt(bytes.u32be(12)),
  });
};

/**
 * Android boot images: kernel and ramdisk in one file. Header versions 0 to 2 have the page size at 36; versions 3 and
 * 4 have pages of 4096 bytes. An image without a kernel (init_boot) holds only a ramdisk. A vendor image cannot boot.
 * Source: AOSP system/tools/mkbootimg, include/bootimg/bootimg.h.
 */
export const androidBoot: Recogniser = ({ bytes }) => {
  if (bytes.is(0, 'VNDRBOOT')) {
    const version = bytes.u32le(8);
    if (version < 3 || version > 4 || !isPowerOfTwo(bytes.u32le(12), 2048, 65_536)) return null;
    return sighting('Android vendor boot image', 'other', 'certain', 0);
  }
  if (!bytes.is(0, 'ANDROID!')) return null;
  const version = bytes.u32le(40);
  const isNew = version === 3 || version === 4;
  if (!isNew && !isPowerOfTwo(bytes.u32le(36), 2048, 65_536)) return null;
  const [kernel, ramdisk] = [bytes.u32le(8), bytes.u32le(isNew ? 12 : 16)];
  if (kernel === 0 && ramdisk === 0) return null;
  if (kernel === 0) {
    return sighting('Android boot image', 'other', 'certain', 0, { detail: 'ramdisk only', alsoReadAs: ['ramdisk'] });
  }
  return sighting('Android boot image', 'kernel', 'certain', 0, {
    detail: ramdisk === 0 ? 'kernel' : 'kernel and ramdisk',
    claims: BigInt(kernel) + BigInt(ramdisk),
  });
};
