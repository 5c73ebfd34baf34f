import type { ByteEvidence } from '../../../model/verdict.ts';
import type { ContainerFormat, OpenedContainer } from '../format/container.ts';
import type { FileHead } from '../../reading/file-head.ts';
import { toOffset } from '../../reading/fields.ts';
import { readUpTo, Unreadable, type Reading } from '../../reading/reading.ts';
import type { Observations } from '../format/observations.ts';
import { closed, mappedGuest, openingWith, type Inspected } from '../format/opening.ts';
import { differencingMap, dynamicMap } from './blocks.ts';
import {
  DIFFERENCING,
  DYNAMIC,
  FOOTER_LENGTH,
  readFooter,
  sameDisk,
  soundEndFooter,
  VHD_COOKIE,
  virtualSizeOf,
  type VhdFooter,
} from './footer.ts';
import { readDynamicHeader } from './header.ts';

/**
 * Dynamic and differencing VHD, which begin with a copy of their footer. Fixed disks only end with one: see `recogniseFixedVhd`.
 * Sources: Microsoft, "Virtual Hard Disk Image Format Specification" (2006); QEMU block/vpc.c; blktap vhd/lib/libvhd.c.
 */
export const VHD: ContainerFormat = {
  containerType: 'vhd',
  recognise: ({ head }) =>
    head.is(0, VHD_COOKIE) ? { offset: 0, detail: 'conectix: copy of the footer of a VHD' } : null,
  open: openingWith('vhd', inspect),
};

function* inspect(file: FileHead, notes: Observations): Reading<Inspected> {
  const footer = chooseFooter(readFooter(file.head.upTo(0, FOOTER_LENGTH)), yield* readEndFooter(file), file, notes);
  if (footer.version >>> 16 !== 1) {
    throw new Unreadable('malformed', `version ${footer.version >>> 16} of the VHD format`);
  }
  if (footer.diskType !== DYNAMIC && footer.diskType !== DIFFERENCING) {
    throw new Unreadable('malformed', `disk type ${footer.diskType} in a footer at the beginning of the file`);
  }
  return yield* inspectBlocks(footer, file, notes);
}

/**
 * Whether a file that does not begin with a footer ends with that of a dynamic or differencing VHD: the copy is lost,
 * and Hyper-V, VirtualBox and blktap go by what is left.
 *
 * @param end the last bytes of the file, 512 at best.
 */
export function recogniseDynamicByEnd(end: Uint8Array, size: number): ByteEvidence | null {
  const found = soundEndFooter(end, size);
  if (found === null || (found.footer.diskType !== DYNAMIC && found.footer.diskType !== DIFFERENCING)) return null;
  return { offset: found.offset, detail: 'conectix: footer of a dynamic VHD, checksum right' };
}

/** The disk that `recogniseDynamicByEnd` saw. */
export function openDynamicByEnd(end: Uint8Array, file: FileHead): Reading<OpenedContainer> {
  const open = openingWith('vhd', function* inspectByEnd(whole, notes) {
    notes.warn('MALFORMED_HEADER', 0, 'no copy of the footer at the beginning of the file');
    const found = soundEndFooter(end, whole.size ?? end.length);
    if (found === null) throw new Unreadable('malformed', 'no footer has a right checksum');
    return yield* inspectBlocks(found.footer, whole, notes);
  });
  return open(file);
}

function* inspectBlocks(footer: VhdFooter, file: FileHead, notes: Observations): Reading<Inspected> {
  const virtualSize = virtualSizeOf(footer);
  const headerOffset = toOffset(footer.dataOffset, 'the offset of the dynamic disk header');
  const header = yield* readDynamicHeader(headerOffset, file, notes);
  if (header === null) return closed(virtualSize, 'malformed header');
  if (header.entries * header.blockSize < virtualSize) {
    throw new Unreadable('malformed', `${header.entries} blocks of ${header.blockSize} do not hold the disk`);
  }
  if (footer.diskType === DYNAMIC) {
    const guest = yield* mappedGuest(dynamicMap(header, virtualSize), file, notes, 'sound');
    return { virtualSize, sectorSize: 512, guest };
  }
  notes.warn('PARENT_NEEDED', 60, 'disk type 4, differencing');
  const guest = yield* mappedGuest(differencingMap(header, virtualSize), file, notes, 'sound');
  return guest.kind === 'closed' ? closed(virtualSize, 'needs a parent file') : { virtualSize, sectorSize: 512, guest };
}

/** The footer at the end: null where there is none, undefined where the end is unknown or out of reach. */
function* readEndFooter({ size }: FileHead): Reading<VhdFooter | null | undefined> {
  if (size === null) return undefined;
  if (size < 2 * FOOTER_LENGTH) return null;
  try {
    const end = yield* readUpTo(size - FOOTER_LENGTH, FOOTER_LENGTH);
    return readFooter(end) ?? readFooter(end.subarray(1));
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
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
  // QEMU reads this copy alone and stops here; Hyper-V and VirtualBox go by the footer at the end.
  notes.warn('MALFORMED_HEADER', 64, 'the checksum of the copy of the footer is wrong');
  if (end?.checksumHolds) return end;
  throw new Unreadable('malformed', 'no footer has a right checksum');
}
