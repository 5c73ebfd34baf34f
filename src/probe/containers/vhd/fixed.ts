import type { ByteEvidence } from '../../../model/verdict.ts';
import type { OpenedContainer } from '../format/container.ts';
import { readExactly, type Reading } from '../../reading/reading.ts';
import { FIXED, soundEndFooter, virtualSizeOf, type PlacedFooter } from './footer.ts';

/**
 * Whether the last bytes of a file are the footer of a fixed VHD: the guest lies before it as it is, and nothing else
 * tells the file from a raw one. Cookie, checksum, version and type must fit. The size need not: QEMU, Hyper-V and
 * blktap take such a file for a VHD.
 *
 * @param footer the last 512 bytes of the file (or the last 511: a file of 511 bytes beyond a whole sector may end so).
 * @param size bytes of the whole file.
 */
export function recogniseFixedVhd(footer: Uint8Array, size: number): ByteEvidence | null {
  const found = findFixed(footer, size);
  return found === null ? null : { offset: found.offset, detail: 'conectix: footer of a fixed VHD, checksum right' };
}

/**
 * The fixed VHD that `recogniseFixedVhd` saw, null where it saw none; parameters as there. Reads of the guest go to the
 * file. Where the file is not as long as its footer says, it may have been cut or have grown, and the guest is no more
 * than likely what it shows.
 */
export function openFixedVhd(footer: Uint8Array, size: number): OpenedContainer | null {
  const found = findFixed(footer, size);
  const evidence = recogniseFixedVhd(footer, size);
  if (found === null || evidence === null) return null;
  const { offset } = found;
  const { currentSize } = found.footer;
  const isInside = currentSize > 0n && currentSize <= BigInt(offset);
  const virtualSize = isInside ? Math.min(virtualSizeOf(found.footer), offset) : offset;
  const read = function* (from: number, length: number): Reading<Uint8Array> {
    return yield* readExactly(from, Math.max(0, Math.min(length, virtualSize - from)));
  };
  const isAsLong = currentSize === BigInt(offset);
  return {
    containerType: 'vhd',
    virtualSize,
    sectorSize: 512,
    evidence: [evidence],
    safety: isAsLong ? [] : ['SIZE_MISMATCH'],
    guest: { kind: 'mapped', read, tables: isAsLong ? 'sound' : 'stale' },
  };
}

function findFixed(bytes: Uint8Array, size: number): PlacedFooter | null {
  const found = soundEndFooter(bytes, size);
  return found !== null && found.footer.diskType === FIXED && found.offset > 0 ? found : null;
}
