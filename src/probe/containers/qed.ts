import type { ContainerFormat } from './format/container.ts';
import type { FileHead } from '../reading/file-head.ts';
import { type Fields, isPowerOfTwo } from '../reading/fields.ts';
import type { Reading } from '../reading/reading.ts';
import { keepsRules, MOST_VIRTUAL, pastEnd, rule, type HeaderRule } from './format/header-rules.ts';
import type { Observations } from './format/observations.ts';
import { closed, mapped, openingWith, type Inspected } from './format/opening.ts';
import type { BlockMap, BlockPlace } from './format/block-map.ts';
import { malformedEntry, offsetOrLost, twoLevelMap } from './format/block-table.ts';
import { inspectName, LONGEST_NAME } from './format/remote-name.ts';

/** Header of QED, little-endian (QEMU docs/interop/qed_spec.txt). */
interface QedHeader {
  readonly clusterSize: number;
  /** Clusters of an L1 or L2 table. */
  readonly tableClusters: number;
  readonly headerClusters: number;
  readonly features: bigint;
  readonly l1Offset: bigint;
  readonly virtualSize: bigint;
  readonly backingOffset: number;
  readonly backingLength: number;
}

const MAGIC = 'QED\0';
const UNALLOCATED = 0n;
const ZEROS = 1n;
const FEATURE = { backingFile: 1n, needCheck: 2n } as const;
/** The two above, and bit 2: the backing file is raw, whatever it looks like. */
const KNOWN_FEATURES = 7n;

export const QED: ContainerFormat = {
  containerType: 'qed',
  magics: [{ offset: 0, bytes: MAGIC }],
  recognise: ({ head }) => (head.is(0, MAGIC) ? { offset: 0, detail: 'QED magic' } : null),
  open: openingWith('qed', inspect),
};

function* inspect(file: FileHead, notes: Observations): Reading<Inspected> {
  const header = qedHeaderOf(file.head);
  const needsCheck = (header.features & FEATURE.needCheck) !== 0n;
  if (needsCheck) notes.warn('DIRTY', 16, 'marked as needing a check');
  if (hasBacking(header)) {
    notes.warn('BACKING_FILE', 16, 'feature bit of a backing file');
    yield* inspectName(BigInt(header.backingOffset), header.backingLength, notes);
  }
  if (!keepsRules(header, file.size, GEOMETRY_RULES, notes) || !keepsRules(header, file.size, TABLE_RULES, notes)) {
    return closed(null, 'malformed header');
  }
  return yield* mapped(qedMap(header), file, notes, { tables: needsCheck ? 'stale' : 'sound' });
}

function qedHeaderOf(head: Fields): QedHeader {
  return {
    clusterSize: head.u32le(4),
    tableClusters: head.u32le(8),
    headerClusters: head.u32le(12),
    features: head.u64le(16),
    l1Offset: head.u64le(40),
    virtualSize: head.u64le(48),
    backingOffset: head.u32le(56),
    backingLength: head.u32le(60),
  };
}

function hasBacking({ features }: QedHeader): boolean {
  return (features & FEATURE.backingFile) !== 0n;
}

/** Entries of both tables are little-endian offsets (QEMU docs/interop/qed_spec.txt, "Tables"). */
function qedMap(header: QedHeader): BlockMap {
  const unallocated: BlockPlace = { kind: hasBacking(header) ? 'elsewhere' : 'zeros' };
  return twoLevelMap({
    blockSize: header.clusterSize,
    virtualSize: Number(header.virtualSize),
    directoryOffset: Number(header.l1Offset),
    directoryWidth: 8,
    entriesPerTable: (header.tableClusters * header.clusterSize) / 8,
    entryWidth: 8,
    tableOf: (l1, offset, at) => {
      const entry = l1.u64le(offset);
      if (entry === UNALLOCATED) return unallocated;
      if (isClusterOffset(entry, header)) return offsetOrLost(entry, 'TABLE_OUT_OF_BOUNDS', at);
      return malformedEntry(at, 'L2 table in the header or not at a cluster boundary');
    },
    placesOf: (l2, offset, at) => {
      const entry = l2.u64le(offset);
      return [entry === UNALLOCATED ? unallocated : placeOfCluster(entry, at, header)];
    },
  });
}

function placeOfCluster(entry: bigint, at: number, header: QedHeader): BlockPlace {
  if (entry === ZEROS) return { kind: 'zeros' };
  if (!isClusterOffset(entry, header)) return malformedEntry(at, 'cluster in the header or not at a cluster boundary');
  const offset = offsetOrLost(entry, 'DATA_OUT_OF_BOUNDS', at);
  return typeof offset === 'number' ? { kind: 'stored', offset } : offset;
}

/** Nothing but the header lies in the header clusters. */
function isClusterOffset(offset: bigint, header: QedHeader): boolean {
  return offset >= bytesOf(header.headerClusters, header) && offset % BigInt(header.clusterSize) === 0n;
}

const GEOMETRY_RULES: readonly HeaderRule<QedHeader>[] = [
  rule.malformed(
    4,
    'cluster size not a power of two from 4 KiB to 64 MiB',
    ({ clusterSize }) => !isPowerOfTwo(clusterSize) || clusterSize < 2 ** 12 || clusterSize > 2 ** 26,
  ),
  rule.malformed(
    8,
    'table size not a power of two from 1 to 16 clusters',
    ({ tableClusters }) => !isPowerOfTwo(tableClusters) || tableClusters > 16,
  ),
];

const bytesOf = (clusters: number, { clusterSize }: QedHeader): bigint => BigInt(clusters) * BigInt(clusterSize);

function mostVirtual(header: QedHeader): bigint {
  const perTable = bytesOf(header.tableClusters, header) / 8n;
  const most = perTable * perTable * BigInt(header.clusterSize);
  return most < MOST_VIRTUAL ? most : MOST_VIRTUAL;
}

const TABLE_RULES: readonly HeaderRule<QedHeader>[] = [
  rule.malformed(
    12,
    'header of no clusters, or beyond 2 GiB',
    (header) => header.headerClusters === 0 || bytesOf(header.headerClusters, header) >= 2n ** 31n,
  ),
  rule.unknownFeature(16, 'feature bits that are not defined', ({ features }) => (features & ~KNOWN_FEATURES) !== 0n),
  rule.malformed(
    40,
    'L1 table not at a cluster boundary',
    ({ l1Offset, clusterSize }) => l1Offset % BigInt(clusterSize) !== 0n,
  ),
  rule.outOfBounds(
    40,
    'L1 table over the header or past the end of the file',
    (header, size) =>
      header.l1Offset < bytesOf(header.headerClusters, header) ||
      pastEnd(header.l1Offset, bytesOf(header.tableClusters, header), size),
  ),
  rule.malformed(
    48,
    'virtual size not in sectors, or beyond what the tables can map',
    (header) => header.virtualSize % 512n !== 0n || header.virtualSize > mostVirtual(header),
  ),
  rule.malformed(
    56,
    'backing file name over the header fields, outside the header clusters or too long',
    (header) =>
      hasBacking(header) &&
      (header.backingOffset < 64 ||
        header.backingLength > LONGEST_NAME ||
        BigInt(header.backingOffset + header.backingLength) > bytesOf(header.headerClusters, header)),
  ),
];
