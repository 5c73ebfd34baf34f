import type { Fields } from '../../reading/fields.ts';
import { isStaticX86 } from './elf-kernel.ts';
import { sighting, type Recogniser } from '../sighting/sighting.ts';

interface Version {
  readonly name: string;
  readonly magic: readonly number[];
  /** The header lies within so many first bytes. */
  readonly within: number;
  readonly alignment: number;
  /** Number of 32-bit words from the magic on that sum up to zero, modulo 2^32. */
  readonly words: number;
}

/** Multiboot specification 0.6.96, section 3.1.1; Multiboot2 specification 2.0, section 3.1.1. */
const VERSIONS: readonly Version[] = [
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

function headerOffset(bytes: Fields, version: Version): number | null {
  const area = Buffer.from(bytes.bytes.buffer, bytes.bytes.byteOffset, Math.min(version.within, bytes.length));
  const magic = Buffer.from(version.magic);
  for (let at = area.indexOf(magic); at !== -1; at = area.indexOf(magic, at + 1)) {
    if (at % version.alignment === 0 && isSummed(bytes, at, version.words)) return at;
  }
  return null;
}

function isSummed(bytes: Fields, at: number, words: number): boolean {
  if (!bytes.has(at, 4 * words)) return false;
  let sum = 0;
  for (let index = 0; index < words; index += 1) sum = (sum + bytes.u32le(at + 4 * index)) >>> 0;
  return sum === 0;
}
