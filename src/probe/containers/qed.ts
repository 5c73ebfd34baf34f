import type { ContainerFormat } from './format/container.ts';
import type { FileHead } from '../reading/file-head.ts';
import { type Fields, isPowerOfTwo } from '../reading/fields.ts';
import type { Reading } from '../reading/reading.ts';
import { keepsRules, MOST_VIRTUAL, pastEnd, type HeaderRule } from './format/header-rules.ts';
import type { Observations } from './format/observations.ts';
import { closed, mappedGuest, openingWith, type Inspected } from './format/opening.ts';
import { qedMap } from './qed-map.ts';
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

const FEATURE = { backingFile: 1n, needCheck: 2n } as const;
/** The two above, and bit 2: the backing file is raw whatever it looks like. */
const KNOWN_FEATURES = 7n;

export const QED: ContainerFormat = {
  containerType: 'qed',
  recognise: ({ head }) => (head.is(0, 'QED\0') ? { offset: 0, detail: 'QED magic' } : null),
  open: openingWith('qed', inspect),
};

function* inspect(file: FileHead, notes: Observations): Reading<Inspected> {
  const header = qedHeaderOf(file.head);
  const hasBacking = (header.features & FEATURE.backingFile) !== 0n;
  const needsCheck = (header.features & FEATURE.needCheck) !== 0n;
  if (needsCheck) notes.warn('DIRTY', 16, 'marked as needing a check');
  if (hasBacking) {
    notes.warn('BACKING_FILE', 16, 'feature bit of a backing file');
    yield* inspectName(BigInt(header.backingOffset), header.backingLength, notes);
  }
  if (!keepsRules(header, file.size, GEOMETRY_RULES, notes) || !keepsRules(header, file.size, TABLE_RULES, notes)) {
    return closed(null, 'malformed header');
  }
  const virtualSize = Number(header.virtualSize);
  const map = qedMap({
    virtualSize,
    clusterSize: header.clusterSize,
    perTable: (header.tableClusters * header.clusterSize) / 8,
    headerLength: header.headerClusters * header.clusterSize,
    l1Offset: Number(header.l1Offset),
    unallocated: { kind: hasBacking ? 'elsewhere' : 'zeros' },
  });
  const guest = yield* mappedGuest(map, file, notes, needsCheck ? 'stale' : 'sound');
  return { virtualSize, sectorSize: 512, guest };
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

const GEOMETRY_RULES: readonly HeaderRule<QedHeader>[] = [
  {
    at: 4,
    code: 'MALFORMED_HEADER',
    broken: ({ clusterSize }) => !isPowerOfTwo(clusterSize) || clusterSize < 2 ** 12 || clusterSize > 2 ** 26,
    why: 'cluster size not a power of two from 4 KiB to 64 MiB',
  },
  {
    at: 8,
    code: 'MALFORMED_HEADER',
    broken: ({ tableClusters }) => !isPowerOfTwo(tableClusters) || tableClusters > 16,
    why: 'table size not a power of two from 1 to 16 clusters',
  },
];

const bytesOf = (clusters: number, { clusterSize }: QedHeader): bigint => BigInt(clusters) * BigInt(clusterSize);

function mostVirtual(header: QedHeader): bigint {
  const perTable = bytesOf(header.tableClusters, header) / 8n;
  const most = perTable * perTable * BigInt(header.clusterSize);
  return most < MOST_VIRTUAL ? most : MOST_VIRTUAL;
}

const TABLE_RULES: readonly HeaderRule<QedHeader>[] = [
  {
    at: 12,
    code: 'MALFORMED_HEADER',
    broken: (header) => header.headerClusters === 0 || bytesOf(header.headerClusters, header) >= 2n ** 31n,
    why: 'header of no clusters, or beyond 2 GiB',
  },
  {
    at: 16,
    code: 'UNKNOWN_FEATURE_BITS',
    broken: ({ features }) => (features & ~KNOWN_FEATURES) !== 0n,
    why: 'feature bits that are not defined',
  },
  {
    at: 40,
    code: 'MALFORMED_HEADER',
    broken: ({ l1Offset, clusterSize }) => l1Offset % BigInt(clusterSize) !== 0n,
    why: 'L1 table not at a cluster boundary',
  },
  {
    at: 40,
    code: 'TABLE_OUT_OF_BOUNDS',
    broken: (header, size) =>
      header.l1Offset < bytesOf(header.headerClusters, header) ||
      pastEnd(header.l1Offset, bytesOf(header.tableClusters, header), size),
    why: 'L1 table over the header or past the end of the file',
  },
  {
    at: 48,
    code: 'MALFORMED_HEADER',
    broken: (header) => header.virtualSize % 512n !== 0n || header.virtualSize > mostVirtual(header),
    why: 'virtual size not in sectors, or beyond what the tables can map',
  },
  {
    at: 56,
    code: 'MALFORMED_HEADER',
    broken: (header) =>
      (header.features & FEATURE.backingFile) !== 0n &&
      (header.backingOffset < 64 ||
        header.backingLength > LONGEST_NAME ||
        BigInt(header.backingOffset + header.backingLength) > bytesOf(header.headerClusters, header)),
    why: 'backing file name over the header fields, outside the header clusters or too long',
  },
];
