import type { FileHead } from '../../reading/file-head.ts';
import { readUpTo, type Reading } from '../../reading/reading.ts';
import { pastEnd } from '../format/header-rules.ts';
import type { Observations } from '../format/observations.ts';
import { REMOTE_NAME_SEEN } from '../format/remote-name.ts';
import { LONGEST_DESCRIPTOR, parseDescriptor, type VmdkDescriptor } from './descriptor.ts';
import { SECTOR, type SparseHeader } from './sparse-header.ts';

/** Types that Glance and Nova accept by default ([DEFAULT] or [compute] vmdk_allowed_types), in lower case. */
const ALLOWED_TYPES: readonly string[] = ['monolithicsparse', 'streamoptimized'];

/** Where QEMU searches for the name of a parent, whatever the header says (block/vmdk.c, vmdk_parent_open). */
const USUAL_PLACE = SECTOR;
const USUAL_LENGTH = 20 * SECTOR;

export interface Embedded {
  /** Grains that are not in this file are in a parent. */
  readonly hasParent: boolean;
}

/** Reads the descriptor inside a sparse extent; notes what Glance refuses in it, and more. */
export function* inspectEmbedded(header: SparseHeader, file: FileHead, notes: Observations): Reading<Embedded> {
  const covered = header.descriptorOffset === 1n && header.descriptorSize * 512n >= BigInt(USUAL_LENGTH);
  const none = covered ? { hasParent: false } : inspectUsualPlace(file, notes);
  if (header.descriptorOffset === 0n) {
    notes.warn('SUBTYPE_REFUSED', 28, 'no descriptor: a part of a split disk');
    return none;
  }
  if (header.descriptorOffset !== 1n) {
    notes.warn('SMUGGLED_DESCRIPTOR', 28, 'the descriptor is not in the sector behind the header');
  }
  const length = header.descriptorSize * 512n;
  if (length > LONGEST_DESCRIPTOR) {
    notes.warn('OVERSIZED_TABLE', 36, 'a descriptor of 1 MiB or more');
    return none;
  }
  if (length === 0n || header.descriptorOffset > BigInt(Number.MAX_SAFE_INTEGER) / 512n) {
    notes.warn('MALFORMED_HEADER', 28, 'a descriptor of no length or beyond any file');
    return none;
  }
  const offset = Number(header.descriptorOffset) * SECTOR;
  if (pastEnd(BigInt(offset), length, file.size)) {
    notes.warn('TABLE_OUT_OF_BOUNDS', 28, 'the descriptor does not lie in the file');
  }
  const bytes = yield* readUpTo(offset, Number(length));
  if (bytes.every((byte) => byte === 0)) {
    notes.warn('SUBTYPE_REFUSED', offset, 'an empty descriptor: a part of a split disk');
    return none;
  }
  const descriptor = parseDescriptor(bytes);
  noteNames(descriptor, offset, notes);
  noteKind(descriptor, offset, notes);
  return { hasParent: descriptor.hasParent || none.hasParent };
}

/**
 * Notes a parent that QEMU follows although the header points to another descriptor, a shorter one or none. COWD has no
 * descriptor, and QEMU searches there all the same.
 */
export function inspectUsualPlace({ head }: FileHead, notes: Observations): Embedded {
  const descriptor = parseDescriptor(head.upTo(USUAL_PLACE, USUAL_PLACE + USUAL_LENGTH));
  if (!descriptor.namesParent) return { hasParent: false };
  notes.warn('SMUGGLED_DESCRIPTOR', USUAL_PLACE, 'a parent is named where the header says no descriptor is');
  noteNames(descriptor, USUAL_PLACE, notes);
  return descriptor;
}

/** Notes the kinds of names in a descriptor, alone or embedded. */
export function noteNames(descriptor: VmdkDescriptor, at: number, notes: Observations): void {
  if (descriptor.namesParent) notes.warn('BACKING_FILE', at, 'descriptor: the file of a parent is named');
  if (descriptor.hasParent) notes.warn('PARENT_NEEDED', at, 'descriptor: the disk has a parent');
  if (descriptor.namesAddress) notes.warn('REMOTE_NAME', at, REMOTE_NAME_SEEN);
  if (descriptor.namesTracking) notes.warn('EXTERNAL_EXTENTS', at, 'descriptor: a file for change tracking is named');
  if (descriptor.createTypes.length === 0 || descriptor.createTypes.some((type) => !ALLOWED_TYPES.includes(type))) {
    notes.warn('SUBTYPE_REFUSED', at, 'descriptor: createType is neither monolithicSparse nor streamOptimized');
  }
}

function noteKind({ extents, strangeLines }: VmdkDescriptor, at: number, notes: Observations): void {
  const [extent] = extents;
  if (extent === undefined) notes.warn('MALFORMED_HEADER', at, 'descriptor: no extent');
  else if (extents.length > 1 || extent.kind !== 'sparse' || extent.leadsOut) {
    notes.warn('EXTERNAL_EXTENTS', at, 'descriptor: extents that are not this file');
  }
  if (strangeLines > 0) notes.warn('MALFORMED_HEADER', at, 'descriptor: lines that the format does not know');
}
