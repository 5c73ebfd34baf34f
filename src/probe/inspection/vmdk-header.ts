import type { LayerFacts } from '../../model/inspection.ts';
import { fieldsOf, type Fields } from '../reading/fields.ts';
import { attempted, type Reading } from '../reading/reading.ts';
import type { LayerReader } from './seen-bytes.ts';
import { descriptorFacts } from './vmdk-text.ts';

const SECTOR = 512;
/** Numbers of sectors from here on are one value. */
const MOST_SECTORS = 1_048_576;
/** QEMU and the inspectors read no more of a descriptor. */
const LONGEST_DESCRIPTOR = 1024 * 1024 - 1;
const AT_END = 0xffff_ffff_ffff_ffffn;
/** A footer marker, the footer and an end-of-stream marker, one sector each. */
const FOOTER_LENGTH = 3 * SECTOR;
const FOOTER_MARKER = 3;

type VmdkFacts = Pick<
  LayerFacts,
  | 'vmdk-version'
  | 'vmdk-descriptor-sector'
  | 'vmdk-grain-directory'
  | 'vmdk-descriptor'
  | 'vmdk-descriptor-all'
  | 'vmdk-create-type'
  | 'vmdk-footer'
>;

/**
 * Facts of a sparse extent (oslo.utils, format_inspector.py, VMDKInspector). Costs a request only for a descriptor
 * behind the head, and for a footer.
 */
export function* vmdkFacts(header: Fields, size: number | null, read: LayerReader): Reading<VmdkFacts> {
  const sector = header.u64le(28);
  const hasFooter = header.u64le(56) === AT_END;
  const facts: VmdkFacts = {
    'vmdk-version': header.u32le(4),
    'vmdk-descriptor-sector': sector < MOST_SECTORS ? Number(sector) : MOST_SECTORS,
    'vmdk-grain-directory': hasFooter ? 'footer' : 'header',
    // At any other place it is not read.
    ...(sector === 1n ? yield* embeddedFacts(header.u64le(36), size, read) : {}),
  };
  return hasFooter ? { ...facts, 'vmdk-footer': yield* footerFact(header, size, read) } : facts;
}

function* embeddedFacts(sectors: bigint, size: number | null, read: LayerReader): Reading<VmdkFacts> {
  const length = sectors * BigInt(SECTOR) < LONGEST_DESCRIPTOR ? Number(sectors) * SECTOR : LONGEST_DESCRIPTOR;
  // A descriptor of no length is there even where the file ends before its place.
  if (length === 0) return descriptorFacts(new Uint8Array(0));
  if (size !== null && SECTOR + length > size) return { 'vmdk-descriptor': 'cut', 'vmdk-descriptor-all': 'cut' };
  const bytes = yield* attempted(read(SECTOR, length));
  if (bytes === null || bytes.length < length) {
    // A source of unknown size has shown its end by a short answer.
    const word = bytes !== null && size === null ? 'cut' : null;
    return { 'vmdk-descriptor': word, 'vmdk-descriptor-all': word, 'vmdk-create-type': null };
  }
  return descriptorFacts(bytes);
}

function* footerFact(
  header: Fields,
  size: number | null,
  read: LayerReader,
): Reading<NonNullable<LayerFacts['vmdk-footer']> | null> {
  if (size === null) return null;
  if (size < FOOTER_LENGTH) return 'cut';
  const bytes = yield* attempted(read(size - FOOTER_LENGTH, FOOTER_LENGTH));
  if (bytes === null || bytes.length < FOOTER_LENGTH) return null;
  const [marker, footer, end] = [0, 1, 2].map((index) =>
    fieldsOf(bytes.subarray(index * SECTOR, (index + 1) * SECTOR)),
  ) as [Fields, Fields, Fields];
  const isSound =
    sameDescriptor(header, footer) &&
    footer.u64le(56) !== AT_END &&
    marker.u32le(8) === 0 &&
    marker.u32le(12) === FOOTER_MARKER &&
    isZero(marker.slice(16, SECTOR)) &&
    isZero(end.slice(0, SECTOR));
  return isSound ? 'sound' : 'faulty';
}

/** Signature, version, and place of the descriptor. */
function sameDescriptor(header: Fields, footer: Fields): boolean {
  return (
    [
      [0, 8],
      [28, 44],
    ] as const
  ).every(([start, end]) => Buffer.compare(header.slice(start, end), footer.slice(start, end)) === 0);
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
