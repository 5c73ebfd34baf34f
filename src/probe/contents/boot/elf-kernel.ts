import type { Fields } from '../../reading/fields.ts';
import { sumOf } from '../../reading/checksums.ts';
import { bigEndian, littleEndian, sighting, type Recogniser } from '../sighting/sighting.ts';

const PT_LOAD = 1;
const PT_INTERP = 3;
const EXECUTABLE = 2;
const SHARED = 3;

/** Most segments that are read. A kernel has a handful. */
const MOST_SEGMENTS = 64;

/**
 * Ranges [from, to) of addresses to which kernels for `machine` (ELF `e_machine`) of `width` bits are linked.
 *
 * Machines whose kernels run at addresses that neither programs nor firmware use. Left out: ARM, whose boot loaders are
 * linked to the same addresses, and s390, SPARC and PA-RISC, whose kernels lie as low as programs. Source: Linux
 * arch/<name>/kernel/vmlinux.lds.S and include/asm/page.h (PAGE_OFFSET, KERNELBASE, KIMAGE_VADDR), FreeBSD and NetBSD
 * conf/ldscript and conf/Makefile of the machine.
 */
const KERNEL_SPACES = [
  // Below the region of modules. The vDSO of old kernels is linked above it.
  { machine: 62, width: 64, from: 0xffff_ffff_8000_0000n, to: 0xffff_ffff_c000_0000n },
  { machine: 3, width: 32, from: 0xb000_0000n, to: 0xe000_0000n },
  { machine: 183, width: 64, from: 0xffff_0000_0000_0000n, to: 1n << 64n },
  { machine: 21, width: 64, from: 0xc000_0000_0000_0000n, to: 0xd000_0000_0000_0000n },
  { machine: 20, width: 32, from: 0xc000_0000n, to: 0xd000_0000n },
  { machine: 8, width: 32, from: 0x8000_0000n, to: 0x9000_0000n },
  { machine: 8, width: 64, from: 0xffff_ffff_8000_0000n, to: 0xffff_ffff_9000_0000n },
  { machine: 8, width: 64, from: 0xa800_0000_0000_0000n, to: 0xb000_0000_0000_0000n },
  { machine: 243, width: 64, from: 0xffff_ffe0_0000_0000n, to: 1n << 64n },
  { machine: 258, width: 64, from: 0x9000_0000_0000_0000n, to: 0xa000_0000_0000_0000n },
  { machine: 50, width: 64, from: 0xa000_0000_0000_0000n, to: 0xc000_0000_0000_0000n },
  { machine: 0x9026, width: 64, from: 0xffff_fc00_0000_0000n, to: 0xffff_fe00_0000_0000n },
];

/**
 * An ELF kernel (vmlinux, which ppc64el and MIPS boot): it has no interpreter, and its first segment is loaded at
 * kernel addresses of its machine. Any other ELF file, Xen's included, counts as no kernel: programs and firmware look
 * the same.
 */
export const elfKernel: Recogniser = ({ bytes }) => {
  const layout = layoutOf(bytes);
  if (layout === null) return null;
  const first = loadedSegments(layout)[0];
  const machine = layout.u16(18);
  const width = layout.isWide ? 64 : 32;
  const isKernelSpace =
    first !== undefined &&
    KERNEL_SPACES.some(
      (space) =>
        space.machine === machine &&
        space.width === width &&
        first.virtualAddress >= space.from &&
        first.virtualAddress < space.to,
    );
  return isKernelSpace ? sighting('ELF kernel', 'kernel', 'likely', 0, { detail: 'loaded at kernel addresses' }) : null;
};

/** Whether this is an ELF file for x86 with fixed addresses and no interpreter, as Multiboot kernels are. */
function isStaticX86(bytes: Fields): boolean {
  const layout = layoutOf(bytes);
  if (layout === null || !X86.has(layout.u16(18)) || layout.u16(16) !== EXECUTABLE) return false;
  return loadedSegments(layout).length > 0;
}

const X86: ReadonlySet<number> = new Set([3, 62]);

/** Returns the loaded segments of an executable without interpreter; none for any other file. */
function loadedSegments(layout: Layout) {
  const type = layout.u16(16);
  if ((type !== EXECUTABLE && type !== SHARED) || layout.u32(20) !== 1) return [];
  const segments = segmentsOf(layout);
  if (segments.some((segment) => segment.type === PT_INTERP)) return [];
  return segments.filter((segment) => segment.type === PT_LOAD);
}

function layoutOf(bytes: Fields) {
  if (!bytes.is(0, '\x7fELF') || bytes.u8(6) !== 1) return null;
  const width = bytes.u8(4);
  const order = bytes.u8(5);
  if ((width !== 1 && width !== 2) || (order !== 1 && order !== 2)) return null;
  const { u16, u32, u64 } = order === 1 ? littleEndian(bytes) : bigEndian(bytes);
  return { isWide: width === 2, u16, u32, address: width === 2 ? u64 : (offset: number) => BigInt(u32(offset)) };
}

/** Access to fields, which differ between the ELF classes (System V ABI, "ELF Header" and "Program Header"). */
type Layout = NonNullable<ReturnType<typeof layoutOf>>;

/** Reads the segments. Throws `Unreadable` where the window does not hold their headers. */
function segmentsOf(layout: Layout) {
  const { isWide, u16, u32, address } = layout;
  const table = address(isWide ? 32 : 28);
  const size = u16(isWide ? 54 : 42);
  const count = u16(isWide ? 56 : 44);
  if (table > 0xffffn || size < (isWide ? 56 : 32) || count > MOST_SEGMENTS) return [];
  return Array.from({ length: count }, (_, index) => {
    const at = Number(table) + size * index;
    return { type: u32(at), virtualAddress: address(at + (isWide ? 16 : 8)) };
  });
}

/**
 * The header lies within so many first bytes; so many 32-bit words from the magic on sum up to zero, modulo 2^32.
 * Multiboot specification 0.6.96, section 3.1.1; Multiboot2 specification 2.0, section 3.1.1.
 */
const VERSIONS = [
  { name: 'Multiboot', magic: [0x02, 0xb0, 0xad, 0x1b], within: 8192, alignment: 4, words: 3 },
  { name: 'Multiboot2', magic: [0xd6, 0x50, 0x52, 0xe8], within: 32_768, alignment: 8, words: 4 },
];

/**
 * A Multiboot kernel (Xen, hypervisors and others) in an ELF file for x86. Without ELF the header proves no kernel: the
 * core image of GRUB has one too, in the gap behind the partition table of every BIOS disk.
 */
export const multibootKernel: Recogniser = ({ bytes }) => {
  if (!isStaticX86(bytes)) return null;
  for (const version of VERSIONS) {
    const at = headerOffset(bytes, version);
    if (at !== null) return sighting(version.name, 'kernel', 'likely', at, { detail: 'header checksum holds' });
  }
  return null;
};

function headerOffset(bytes: Fields, version: (typeof VERSIONS)[number]): number | null {
  const area = Buffer.from(bytes.bytes.buffer, bytes.bytes.byteOffset, Math.min(version.within, bytes.length));
  const magic = Buffer.from(version.magic);
  for (let at = area.indexOf(magic); at !== -1; at = area.indexOf(magic, at + 1)) {
    if (at % version.alignment !== 0 || !bytes.has(at, 4 * version.words)) continue;
    if (sumOf(at, 4 * version.words, 4, (offset) => bytes.u32le(offset)) === 0) return at;
  }
  return null;
}
