import type { ByteEvidence } from '../../model/verdict.ts';
import type { OpenedContainer } from '../container.ts';
import { readExactly, type Reading } from '../reading.ts';
import { FIXED, FOOTER_LENGTH, readFooter, virtualSizeOf, type VhdFooter } from './vhd-footer.ts';

/** The specification writes 0xFFFFFFFF for a field of eight bytes, so some tools left the upper half zero. */
const NO_HEADER: readonly bigint[] = [0xffff_ffff_ffff_ffffn, 0xffff_ffffn];

/**
 * Whether the last bytes of a file are the footer of a fixed VHD: the guest lies before it as it is, and nothing else tells the file
 * from a raw one. Cookie, checksum, version, type, data offset and size must all fit, so that a footer left over from another file, or
 * one that moved when the file grew, is none.
 *
 * @param footer the last 512 bytes of the file (or the last 511: a file of 511 bytes beyond a whole sector may end so).
 * @param size bytes of the whole file.
 */
export function recogniseFixedVhd(footer: Uint8Array, size: number): ByteEvidence | null {
  const found = findFixed(footer, size);
  return found === null ? null : { offset: found.offset, detail: 'conectix: footer of a fixed VHD, checksum right' };
}

/** The fixed VHD that `recogniseFixedVhd` saw, null where it saw none; parameters as there. Reads of the guest go to the file. */
export function openFixedVhd(footer: Uint8Array, size: number): OpenedContainer | null {
  const found = findFixed(footer, size);
  const evidence = recogniseFixedVhd(footer, size);
  if (found === null || evidence === null) return null;
  const virtualSize = Math.min(virtualSizeOf(found.footer), found.offset);
  const read = function* (offset: number, length: number): Reading<Uint8Array> {
    return yield* readExactly(offset, Math.max(0, Math.min(length, virtualSize - offset)));
  };
  return {
    containerType: 'vhd',
    virtualSize,
    sectorSize: 512,
    evidence: [evidence],
    safety: [],
    guest: { kind: 'mapped', read, tables: 'sound' },
  };
}

interface FixedFooter {
  readonly footer: VhdFooter;
  /** Where the footer begins: guest bytes before it. */
  readonly offset: number;
}

function findFixed(bytes: Uint8Array, size: number): FixedFooter | null {
  for (const length of [FOOTER_LENGTH, FOOTER_LENGTH - 1]) {
    const footer = bytes.length < length ? null : readFooter(bytes.subarray(bytes.length - length));
    const offset = size - length;
    if (footer !== null && isFixed(footer, offset)) return { footer, offset };
  }
  return null;
}

function isFixed(footer: VhdFooter, offset: number): boolean {
  return (
    footer.checksumHolds &&
    footer.version >>> 16 === 1 &&
    footer.diskType === FIXED &&
    NO_HEADER.includes(footer.dataOffset) &&
    offset > 0 &&
    footer.currentSize === BigInt(offset)
  );
}
