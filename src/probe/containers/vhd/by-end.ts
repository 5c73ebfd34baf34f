import type { ByteEvidence } from '../../../model/verdict.ts';
import type { OpenedContainer } from '../format/container.ts';
import type { FileHead } from '../../reading/file-head.ts';
import { readExactly, type Reading } from '../../reading/reading.ts';
import { openingWith } from '../format/opening.ts';
import { DIFFERENCING, DYNAMIC, FIXED, soundEndFooter, virtualSizeOf, type PlacedFooter } from './footer.ts';
import { inspectBlocks } from './vhd.ts';

/** A VHD that is known by its last bytes alone. */
export interface VhdByEnd {
  readonly opened: OpenedContainer;
  readonly sign: ByteEvidence;
  /** `fixed`: the guest begins with the file. `dynamic`: the file begins with a header that is destroyed. */
  readonly kind: 'fixed' | 'dynamic';
}

/**
 * Opens a VHD by the footer at the end of a file whose beginning shows none; null where cookie, checksum, version or
 * type do not fit. Only this footer tells a fixed disk from a raw one. A dynamic or differencing disk may have lost the
 * copy at its beginning; Hyper-V, VirtualBox and blktap then use the footer.
 *
 * @param end the last 512 bytes of the file (511 suffice: old tools wrote footers of 511 bytes).
 * @param size bytes of the whole file.
 */
export function* openVhdByEnd(end: Uint8Array, size: number, file: FileHead): Reading<VhdByEnd | null> {
  const found = soundEndFooter(end, size);
  if (found === null) return null;
  const { diskType } = found.footer;
  if (diskType === FIXED && found.offset > 0) {
    const sign = { offset: found.offset, detail: 'conectix: footer of a fixed VHD, checksum right' };
    return { kind: 'fixed', opened: openFixed(found, sign), sign };
  }
  if (diskType !== DYNAMIC && diskType !== DIFFERENCING) return null;
  const sign = { offset: found.offset, detail: 'conectix: footer of a dynamic VHD, checksum right' };
  const open = openingWith('vhd', (whole, notes) => {
    notes.warn('MALFORMED_HEADER', 0, 'no copy of the footer at the beginning of the file');
    return inspectBlocks(found.footer, whole, notes);
  });
  return { kind: 'dynamic', opened: yield* open(file), sign };
}

/**
 * The guest is the file up to the footer. Programs (QEMU, Hyper-V, blktap) take such a file for a VHD although it is
 * not as long as its footer says. It may have been cut or have grown, so its content is `likely` at most.
 */
function openFixed({ footer, offset }: PlacedFooter, sign: ByteEvidence): OpenedContainer {
  const { currentSize } = footer;
  const isInside = currentSize > 0n && currentSize <= BigInt(offset);
  const virtualSize = isInside ? Math.min(virtualSizeOf(footer), offset) : offset;
  const read = (from: number, length: number): Reading<Uint8Array> =>
    readExactly(from, Math.max(0, Math.min(length, virtualSize - from)));
  const isAsLong = currentSize === BigInt(offset);
  return {
    containerType: 'vhd',
    virtualSize,
    sectorSize: 512,
    evidence: [sign],
    safety: isAsLong ? [] : ['SIZE_MISMATCH'],
    guest: { kind: 'mapped', read, tables: isAsLong ? 'sound' : 'stale' },
  };
}
