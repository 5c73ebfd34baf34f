import {
  INCOMPATIBLE,
  KNOWN_INCOMPATIBLE,
  hasFeature,
  qcow2HeaderOf,
  type Qcow2Header,
} from '../containers/qcow2/header.ts';
import { fieldsOf, type Fields } from '../reading/fields.ts';
import { attempted, type Reading } from '../reading/reading.ts';
import { firstSectorOf, seenAt, type LayerReader, type SeenBytes } from './seen-bytes.ts';

/** Bit of `autoclear_features`: the external data file is raw. */
const RAW_DATA_FILE = 2n;
const BITMAPS_ARE_VALID = 1n;
const MIB = 1024n * 1024n;
/** Beyond this, sums of offsets and lengths overflow in QEMU; what it then does is not predicted. */
const FARTHEST = 2n ** 62n;

const LUKS = 2;

/** Rules of QEMU for the header alone; it opens no file that breaks one (block/qcow2.c of 7.2, qcow2_do_open). */
const FAULTS: readonly ((header: Qcow2Header) => boolean)[] = [
  ({ version }) => version > 3,
  ({ clusterBits }) => clusterBits < 9 || clusterBits > 21,
  ({ version, headerLength }) => version === 3 && headerLength < 104,
  (header) => BigInt(header.headerLength) > clusterOf(header),
  (header) => header.backingOffset > clusterOf(header),
  (header) =>
    header.backingOffset !== 0n &&
    (header.backingLength > 1023 || BigInt(header.backingLength) > clusterOf(header) - header.backingOffset),
  ({ compressionType }) => compressionType > 1,
  (header) => hasFeature(header, INCOMPATIBLE.compressionType) !== (header.compressionType === 1),
  ({ incompatible }) => (incompatible & ~KNOWN_INCOMPATIBLE) !== 0n,
  (header) => hasFeature(header, INCOMPATIBLE.extendedL2) && header.clusterBits < 14,
  ({ refcountOrder }) => refcountOrder > 6,
  ({ encryption }) => encryption > LUKS,
  ({ refcountClusters }) => refcountClusters === 0,
  (header) => BigInt(header.refcountClusters) * clusterOf(header) > 8n * MIB,
  ({ snapshots }) => snapshots > 65_536,
  ({ l1Entries }) => BigInt(l1Entries) * 8n > 32n * MIB,
  (header) => offsetsOf(header).some((offset) => offset % clusterOf(header) !== 0n),
  (header) => BigInt(header.l1Entries) * bytesPerEntry(header) < header.virtualSize,
];

function clusterOf({ clusterBits }: Qcow2Header): bigint {
  return 1n << BigInt(clusterBits);
}

/** Tables must begin at a cluster, the one of snapshots even where there is none. */
function offsetsOf({ l1Offset, refcountOffset, snapshotsOffset }: Qcow2Header): readonly bigint[] {
  return [l1Offset, refcountOffset, snapshotsOffset];
}

/** Guest bytes that an entry of the L1 table covers. */
function bytesPerEntry(header: Qcow2Header): bigint {
  return 1n << BigInt(2 * header.clusterBits - (hasFeature(header, INCOMPATIBLE.extendedL2) ? 4 : 3));
}

/**
 * Whether QEMU opens a qcow2. It takes tables behind the end of the file for zeros, and looks neither at the entries
 * of the L1 table nor at a key. Null for an external data file, LUKS and bitmaps, which it reads
 * further, and for marks of a data file that is not there, which only a conversion refuses.
 *
 * Costs a request for snapshots whose table lies behind what was read.
 */
export function* opensQcow2(seen: SeenBytes, read: LayerReader): Reading<boolean | null> {
  const sector = firstSectorOf(seen);
  if (sector === null) return null;
  const header = qcow2HeaderOf(sector);
  const autoclear = header.version >= 3 ? sector.u64be(88) : 0n;
  // The first rules bound what the others compute with.
  if (FAULTS.some((isBroken) => isBroken(header))) return false;
  const extensions = extensionsAreSound(seen, header, autoclear);
  if (extensions === false) return false;
  const snapshots = header.snapshots === 0 ? true : yield* snapshotsAreSound(header, read);
  if (snapshots === false) return false;
  const isOpen =
    hasFeature(header, INCOMPATIBLE.externalData) ||
    (autoclear & RAW_DATA_FILE) !== 0n ||
    header.encryption === LUKS ||
    [...offsetsOf(header), header.virtualSize].some((value) => value >= FARTHEST);
  return isOpen || extensions === null || snapshots === null ? null : true;
}

const EXTENSION = {
  end: 0,
  backingFormat: 0xe279_2aca,
  encryption: 0x0537_be77,
  bitmaps: 0x2385_2875,
} as const;

/** Longest name of a format, and the only length of the extension for bitmaps. */
const [LONGEST_FORMAT, BITMAPS_LENGTH] = [15, 24];

/** Whether QEMU takes the header extensions (block/qcow2.c, qcow2_read_extensions). */
function extensionsAreSound(seen: SeenBytes, header: Qcow2Header, autoclear: bigint): boolean | null {
  const end = header.backingOffset === 0n ? Number(clusterOf(header)) : Number(header.backingOffset);
  let isKnown = true;
  for (let at = header.headerLength; at < end;) {
    const entry = seenAt(seen, at, 8);
    if (entry === null) return null;
    const [type, length] = [entry.u32be(0), entry.u32be(4)];
    at += 8;
    if (at > end || length > end - at) return false;
    if (type === EXTENSION.end) return isKnown ? true : null;
    if (type === EXTENSION.backingFormat && length > LONGEST_FORMAT) return false;
    if (type === EXTENSION.encryption) {
      if (header.encryption !== LUKS) return false;
      isKnown = false;
    }
    if (type === EXTENSION.bitmaps) {
      if (length !== BITMAPS_LENGTH) return false;
      if ((autoclear & BITMAPS_ARE_VALID) !== 0n) isKnown = false;
    }
    at += Math.ceil(length / 8) * 8;
  }
  return isKnown ? true : null;
}

/** Bytes of a table of snapshots that are read; a longer one is not predicted. */
const SNAPSHOT_TABLE = 65_536;
const MOST_EXTRA = 1024;

/** Whether QEMU takes the table of snapshots (block/qcow2-snapshot.c, qcow2_do_read_snapshots). */
function* snapshotsAreSound(header: Qcow2Header, read: LayerReader): Reading<boolean | null> {
  if (header.snapshotsOffset >= FARTHEST) return null;
  const bytes = yield* attempted(read(Number(header.snapshotsOffset), SNAPSHOT_TABLE));
  if (bytes === null) return null;
  const table = fieldsOf(bytes);
  let at = 0;
  for (let index = 0; index < header.snapshots; index += 1) {
    if (!table.has(at, 40)) return null;
    const extra = table.u32be(at + 36);
    if (extra > MOST_EXTRA) return false;
    at = nextSnapshot(table, at, extra);
  }
  return true;
}

function nextSnapshot(table: Fields, at: number, extra: number): number {
  return Math.ceil((at + 40 + extra + table.u16be(at + 12) + table.u16be(at + 14)) / 8) * 8;
}
