import {
  type ContainerFormat,
  type Observations,
  closed,
  mapped,
  openingWith,
  type Inspected,
  type OpenedContainer,
} from '../format/opening.ts';
import { type FileHead, toOffset } from '../../reading/fields.ts';
import { attempted, readUpTo, Unreadable, type Reading, readExactly } from '../../reading/reading.ts';
import { differencingMap, dynamicMap, readDynamicHeader } from './vhd-map.ts';
import {
  DIFFERENCING,
  DYNAMIC,
  FOOTER_LENGTH,
  readFooter,
  sameDisk,
  VHD_COOKIE,
  virtualSizeOf,
  type VhdFooter,
  FIXED,
  soundEndFooter,
  type PlacedFooter,
} from './footer.ts';
import type { ByteEvidence } from '../../../model/verdict.ts';

/**
 * Dynamic and differencing VHD, which begin with a copy of their footer. A fixed disk only ends with one: see
 * `openVhdByEnd`. Sources: Microsoft, "Virtual Hard Disk Image Format Specification" (2006); QEMU block/vpc.c; blktap
 * vhd/lib/libvhd.c.
 */
export const VHD: ContainerFormat = {
  containerType: 'vhd',
  magics: [],
  recognise: ({ head }) =>
    head.is(0, VHD_COOKIE) ? { offset: 0, detail: 'conectix: copy of the footer of a VHD' } : null,
  open: openingWith('vhd', function* inspect(file, notes) {
    const footer = chooseFooter(readFooter(file.head.upTo(0, FOOTER_LENGTH)), yield* readEndFooter(file), file, notes);
    if (footer.version >>> 16 !== 1) {
      throw new Unreadable('malformed', `version ${footer.version >>> 16} of the VHD format`);
    }
    if (footer.diskType !== DYNAMIC && footer.diskType !== DIFFERENCING) {
      throw new Unreadable('malformed', `disk type ${footer.diskType} in a footer at the beginning of the file`);
    }
    return yield* inspectBlocks(footer, file, notes);
  }),
};

/** Reads the dynamic disk header that a footer names, and maps the guest. */
function* inspectBlocks(footer: VhdFooter, file: FileHead, notes: Observations): Reading<Inspected> {
  const virtualSize = virtualSizeOf(footer);
  const headerOffset = toOffset(footer.dataOffset, 'the offset of the dynamic disk header');
  const header = yield* readDynamicHeader(headerOffset, file, notes);
  if (header === null) return closed(virtualSize, 'malformed header');
  if (header.entries * header.blockSize < virtualSize) {
    throw new Unreadable('malformed', `${header.entries} blocks of ${header.blockSize} do not hold the disk`);
  }
  if (footer.diskType === DYNAMIC) return yield* mapped(dynamicMap(header, virtualSize), file, notes);
  notes.warn('PARENT_NEEDED', 60, 'disk type 4, differencing');
  return yield* mapped(differencingMap(header, virtualSize), file, notes, { rest: 'a parent file' });
}

/** The footer at the end; null where there is none, undefined where the end is unknown or cannot be read. */
function* readEndFooter({ size }: FileHead): Reading<VhdFooter | null | undefined> {
  if (size === null) return undefined;
  if (size < 2 * FOOTER_LENGTH) return null;
  const end = yield* attempted(readUpTo(size - FOOTER_LENGTH, FOOTER_LENGTH));
  return end === null ? undefined : (readFooter(end) ?? readFooter(end.subarray(1)));
}

function chooseFooter(
  copy: VhdFooter | null,
  end: VhdFooter | null | undefined,
  { size }: FileHead,
  notes: Observations,
): VhdFooter {
  const endOffset = (size ?? 0) - FOOTER_LENGTH;
  if (copy === null) throw new Unreadable('truncated', 'the copy of the footer is cut short');
  if (end === null) notes.warn('TRUNCATED', Math.max(0, endOffset), 'no footer at the end of the file');
  if (end && (copy.checksumHolds !== end.checksumHolds || !sameDisk(copy, end))) {
    notes.warn('HEADERS_DISAGREE', endOffset, 'the footer differs from its copy at the beginning');
  }
  if (copy.checksumHolds) return copy;
  // QEMU reads only this copy and stops here; Hyper-V and VirtualBox use the footer at the end.
  notes.warn('MALFORMED_HEADER', 64, 'the checksum of the copy of the footer is wrong');
  if (end?.checksumHolds) return end;
  throw new Unreadable('malformed', 'no footer has a right checksum');
}

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
