import type { ContainerFormat } from './format/container.ts';
import type { FileHead } from '../reading/file-head.ts';
import type { Fields } from '../reading/fields.ts';
import type { Reading } from '../reading/reading.ts';
import { keepsRules, MOST_VIRTUAL, pastEnd, rule, type HeaderRule } from './format/header-rules.ts';
import type { Observations } from './format/observations.ts';
import { closed, mapped, openingWith, type Inspected } from './format/opening.ts';
import { QCOW_MAGIC } from './qcow2/header.ts';
import type { BlockMap, BlockPlace } from './format/block-map.ts';
import { offsetOrLost, twoLevelMap } from './format/block-table.ts';
import { inspectName, LONGEST_NAME } from './format/remote-name.ts';

/** Header of qcow version 1, big-endian, 48 bytes (QEMU block/qcow.c, QCowHeader). */
interface QcowHeader {
  readonly backingOffset: bigint;
  readonly backingLength: number;
  readonly virtualSize: bigint;
  readonly clusterBits: number;
  /** Entries of an L2 table, as a power of two. */
  readonly l2Bits: number;
  /** 0 none, 1 AES. */
  readonly encryption: number;
  readonly l1Offset: bigint;
}

const VERSION = [0, 0, 0, 1];
const HEADER_LENGTH = 48n;
const COMPRESSED = 1n << 63n;
/** Bytes of the largest L1 table that QEMU opens (block/qcow.c, INT_MAX). */
const MOST_L1 = 2n ** 31n - 1n;

/** qcow version 1. Inspectors that only look at the magic call it qcow2. */
export const QCOW: ContainerFormat = {
  containerType: 'qcow',
  magics: [{ offset: 0, bytes: QCOW_MAGIC }],
  recognise: ({ head }) =>
    head.is(0, QCOW_MAGIC) && head.is(4, VERSION) ? { offset: 0, detail: 'qcow magic, version 1' } : null,
  open: openingWith('qcow', inspect),
};

function* inspect(file: FileHead, notes: Observations): Reading<Inspected> {
  const header = qcowHeaderOf(file.head);
  if (header.backingOffset !== 0n) {
    notes.warn('BACKING_FILE', 8, 'name of a backing file');
    yield* inspectName(header.backingOffset, header.backingLength, notes);
  }
  if (header.encryption !== 0) notes.warn('ENCRYPTED_CONTENT', 36, `encryption method ${header.encryption}`);
  if (!keepsRules(header, file.size, GEOMETRY_RULES, notes) || !keepsRules(header, file.size, TABLE_RULES, notes)) {
    return closed(null, 'malformed header');
  }
  const virtualSize = Number(header.virtualSize);
  if (header.encryption !== 0) return closed(virtualSize, 'encrypted');
  return yield* mapped(qcowMap(header), file, notes);
}

function qcowHeaderOf(head: Fields): QcowHeader {
  return {
    backingOffset: head.u64be(8),
    backingLength: head.u32be(16),
    virtualSize: head.u64be(24),
    clusterBits: head.u8(32),
    l2Bits: head.u8(33),
    encryption: head.u32be(36),
    l1Offset: head.u64be(40),
  };
}

/** Entries of both tables are plain big-endian offsets, 0 for none (QEMU block/qcow.c). */
function qcowMap({ virtualSize, clusterBits, l2Bits, l1Offset, backingOffset }: QcowHeader): BlockMap {
  const unallocated: BlockPlace = { kind: backingOffset === 0n ? 'zeros' : 'elsewhere' };
  return twoLevelMap({
    blockSize: 2 ** clusterBits,
    virtualSize: Number(virtualSize),
    directoryOffset: Number(l1Offset),
    directoryWidth: 8,
    entriesPerTable: 2 ** l2Bits,
    entryWidth: 8,
    tableOf: (l1, offset, at) => {
      const entry = l1.u64be(offset);
      return entry === 0n ? unallocated : offsetOrLost(entry, 'TABLE_OUT_OF_BOUNDS', at);
    },
    placesOf: (l2, offset, at) => {
      const entry = l2.u64be(offset);
      return [entry === 0n ? unallocated : placeOfCluster(entry, at, clusterBits)];
    },
  });
}

/** Below bit 63 of a compressed cluster: the length in `clusterBits` bits, then the offset. */
function placeOfCluster(entry: bigint, at: number, clusterBits: number): BlockPlace {
  const isCompressed = (entry & COMPRESSED) !== 0n;
  const lengthShift = BigInt(63 - clusterBits);
  const bits = isCompressed ? entry & ((1n << lengthShift) - 1n) : entry;
  const offset = offsetOrLost(bits, 'DATA_OUT_OF_BOUNDS', at);
  if (typeof offset !== 'number') return offset;
  if (!isCompressed) return { kind: 'stored', offset };
  const length = Number((entry & (COMPRESSED - 1n)) >> lengthShift);
  return { kind: 'compressed', compression: 'deflate-raw', offset, length, skip: 0, shortfall: 'lost' };
}

const GEOMETRY_RULES: readonly HeaderRule<QcowHeader>[] = [
  rule.malformed(
    24,
    'virtual size below 2 or beyond 2^53 bytes',
    ({ virtualSize }) => virtualSize < 2n || virtualSize > MOST_VIRTUAL,
  ),
  rule.malformed(
    32,
    'cluster size outside 512 bytes to 64 KiB',
    ({ clusterBits }) => clusterBits < 9 || clusterBits > 16,
  ),
  rule.malformed(33, 'L2 tables outside 64 to 8192 entries', ({ l2Bits }) => l2Bits < 6 || l2Bits > 13),
];

/** Bytes of the L1 table: an entry for as many guest bytes as an L2 table maps. */
function l1Length({ virtualSize, clusterBits, l2Bits }: QcowHeader): bigint {
  const perEntry = 2n ** BigInt(clusterBits + l2Bits);
  return ((virtualSize + perEntry - 1n) / perEntry) * 8n;
}

const TABLE_RULES: readonly HeaderRule<QcowHeader>[] = [
  rule.malformed(
    8,
    'backing file name over the header or too long',
    ({ backingOffset, backingLength }) =>
      backingOffset !== 0n && (backingOffset < HEADER_LENGTH || backingLength > LONGEST_NAME),
  ),
  rule.malformed(36, 'unknown encryption method', ({ encryption }) => encryption > 1),
  rule.oversized(24, 'L1 table beyond 2 GiB', (header) => l1Length(header) > MOST_L1),
  rule.outOfBounds(
    40,
    'L1 table over the header or past the end of the file',
    (header, size) => header.l1Offset < HEADER_LENGTH || pastEnd(header.l1Offset, l1Length(header), size),
  ),
];
