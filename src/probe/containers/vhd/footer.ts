import { fieldsOf, toOffset } from '../../reading/fields.ts';

/** Bytes of a footer. Tools before Virtual PC 2004 omitted the last one, which is always zero. */
export const FOOTER_LENGTH = 512;

export const VHD_COOKIE = 'conectix';

export const FIXED = 2;
export const DYNAMIC = 3;
export const DIFFERENCING = 4;

/** The largest geometry that the field can hold; the disk may be larger. */
const LARGEST_GEOMETRY = 65_535 * 16 * 255;

/**
 * The footer in `bytes`, 511 of them at least, or null without its cookie.
 * Source: Microsoft, "Virtual Hard Disk Image Format Specification" (2006), "Hard Disk Footer Format".
 */
export function readFooter(bytes: Uint8Array) {
  const fields = fieldsOf(bytes);
  if (!fields.is(0, VHD_COOKIE) || !fields.has(0, FOOTER_LENGTH - 1)) return null;
  const sectors = fields.u16be(56) * fields.u8(58) * fields.u8(59);
  const creator = fields.text(28, 32);
  return {
    checksumHolds: checksumHolds(fields.slice(0, Math.min(bytes.length, FOOTER_LENGTH)), creator),
    version: fields.u32be(12),
    // Where the dynamic disk header lies; all ones in fixed disks.
    dataOffset: fields.u64be(16),
    creator,
    currentSize: fields.u64be(48),
    // Bytes of cylinders x heads x sectors.
    geometrySize: sectors * 512,
    geometryIsLargest: sectors >= LARGEST_GEOMETRY,
    diskType: fields.u32be(60),
    uniqueId: fields.text(68, 84),
  };
}

/** A hard disk footer as read, not yet checked. */
export type VhdFooter = Readonly<NonNullable<ReturnType<typeof readFooter>>>;

/** A footer and where it begins. */
export interface PlacedFooter {
  readonly footer: VhdFooter;
  readonly offset: number;
}

/**
 * The footer at the end of a file, if its checksum is right and its version known; null otherwise. A footer of 511
 * bytes begins at a sector.
 *
 * @param end the last bytes of the file, at least 511.
 * @param size bytes of the whole file.
 */
export function soundEndFooter(end: Uint8Array, size: number): PlacedFooter | null {
  for (const length of [FOOTER_LENGTH, FOOTER_LENGTH - 1]) {
    const footer = end.length < length ? null : readFooter(end.subarray(end.length - length));
    const offset = size - length;
    const fits = length === FOOTER_LENGTH || offset % 512 === 0;
    if (footer?.checksumHolds && footer.version >>> 16 === 1 && fits) return { footer, offset };
  }
  return null;
}

function checksumHolds(footer: Uint8Array, creator: string): boolean {
  const wanted = fieldsOf(footer).u32be(64);
  const sum = complementSum(footer, 64);
  if (sum === wanted) return true;
  // Early XenServer tools marked a disk as hidden (byte 85) without a new checksum (blktap, vhd/lib/libvhd.c).
  const hidden = footer[85] ?? 0;
  return creator.startsWith('tap') && (sum + hidden) >>> 0 === wanted;
}

/** One's complement of the sum of all bytes, the 32-bit checksum at `field` taken as zero. */
export function complementSum(bytes: Uint8Array, field: number): number {
  let sum = 0;
  for (const [index, byte] of bytes.entries()) if (index < field || index >= field + 4) sum += byte;
  return ~sum >>> 0;
}

/**
 * Size of the virtual disk in bytes. Virtual PC and old QEMU show the guest cylinders x heads x sectors. All others use
 * the current size, as those two do where the geometry is at its largest (QEMU block/vpc.c, vpc_ignore_current_size).
 *
 * @throws Unreadable malformed beyond 2^53 - 1.
 */
export function virtualSizeOf(footer: VhdFooter): number {
  const byGeometry = footer.creator === 'vpc ' || footer.creator === 'qemu';
  if (byGeometry && !footer.geometryIsLargest && footer.geometrySize > 0) return footer.geometrySize;
  return toOffset(footer.currentSize, 'the size of the disk');
}

/** Whether two footers describe one disk. Times, features and saved states may be older in one of them. */
export function sameDisk(one: VhdFooter, other: VhdFooter): boolean {
  const keys = ['diskType', 'dataOffset', 'currentSize', 'geometrySize', 'creator', 'uniqueId'] as const;
  return keys.every((key) => one[key] === other[key]);
}
