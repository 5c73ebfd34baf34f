import type { Fields } from '../fields.ts';
import { bigEndian, littleEndian } from './byte-order.ts';
import { sighting, type Recogniser } from './sighting.ts';

/** The fields that differ between the classes (System V ABI, "ELF Header" and "Program Header"). */
interface Layout {
  readonly isWide: boolean;
  readonly u16: (offset: number) => number;
  readonly u32: (offset: number) => number;
  readonly address: (offset: number) => bigint;
}

interface Segment {
  readonly type: number;
  readonly virtualAddress: bigint;
}

const PT_LOAD = 1;
const PT_INTERP = 3;
const EXECUTABLE = 2;
const SHARED = 3;

/** A kernel has a handful of segments. */
const MOST_SEGMENTS = 64;

/**
 * An ELF kernel (vmlinux; what ppc64el and MIPS boot as it is): loaded into the upper half of the address space, where programs never
 * lie, and without an interpreter. Any other ELF file, Xen's included, is no kernel here: a program looks the same.
 */
export const elfKernel: Recogniser = ({ bytes }) => {
  const layout = layoutOf(bytes);
  if (layout === null) return null;
  const type = layout.u16(16);
  if ((type !== EXECUTABLE && type !== SHARED) || layout.u32(20) !== 1) return null;
  const segments = segmentsOf(layout);
  const loaded = segments.filter((segment) => segment.type === PT_LOAD);
  if (segments.some((segment) => segment.type === PT_INTERP) || loaded.length === 0) return null;
  const upper = layout.isWide ? 1n << 63n : 1n << 31n;
  const isKernelSpace = loaded.some(({ virtualAddress }) => virtualAddress >= upper);
  return isKernelSpace ? sighting('ELF kernel', 'kernel', 'likely', 0, { detail: 'loaded at kernel addresses' }) : null;
};

function layoutOf(bytes: Fields): Layout | null {
  if (!bytes.is(0, '\x7fELF') || bytes.u8(6) !== 1) return null;
  const width = bytes.u8(4);
  const order = bytes.u8(5);
  if ((width !== 1 && width !== 2) || (order !== 1 && order !== 2)) return null;
  const { u16, u32, u64 } = order === 1 ? littleEndian(bytes) : bigEndian(bytes);
  return { isWide: width === 2, u16, u32, address: width === 2 ? u64 : (offset) => BigInt(u32(offset)) };
}

/** Segments whose headers the window does not hold make it throw: without them nothing can be said. */
function segmentsOf(layout: Layout): readonly Segment[] {
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
