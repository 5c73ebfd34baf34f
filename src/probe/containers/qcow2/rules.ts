import { MOST_VIRTUAL, pastEnd, type HeaderRule } from '../format/header-rules.ts';
import { hasFeature, INCOMPATIBLE, type Qcow2Header } from './header.ts';
import { LONGEST_NAME } from '../format/remote-name.ts';

const KNOWN_INCOMPATIBLE = 31n;

/** Guest bytes behind one L1 entry. */
function bytesPerL1Entry(header: Qcow2Header): bigint {
  const entryBits = hasFeature(header, INCOMPATIBLE.extendedL2) ? 4n : 3n;
  return 1n << (2n * BigInt(header.clusterBits) - entryBits);
}

/** What must hold before any other field can be weighed. */
export const CLUSTER_RULES: readonly HeaderRule<Qcow2Header>[] = [
  {
    at: 4,
    code: 'MALFORMED_HEADER',
    broken: ({ version }) => version > 3,
    why: 'qcow2 version that is not defined',
  },
  {
    at: 20,
    code: 'MALFORMED_HEADER',
    broken: ({ clusterBits }) => clusterBits < 9 || clusterBits > 21,
    why: 'qcow2 cluster size outside 512 bytes to 2 MiB',
  },
];

const clusterOf = (header: Qcow2Header): bigint => 1n << BigInt(header.clusterBits);
const isUnaligned = (offset: bigint, header: Qcow2Header): boolean => offset % clusterOf(header) !== 0n;

/** Limits of lengths are QEMU's (block/qcow2.h): L1 32 MiB, refcount table 8 MiB, 65,536 snapshots. */
export const QCOW2_RULES: readonly HeaderRule<Qcow2Header>[] = [
  {
    at: 8,
    code: 'MALFORMED_HEADER',
    broken: (header) =>
      header.backingOffset !== 0n &&
      (header.backingOffset < BigInt(header.headerLength) ||
        header.backingLength > LONGEST_NAME ||
        header.backingOffset + BigInt(header.backingLength) > clusterOf(header)),
    why: 'backing file name over the header, outside the first cluster or too long',
  },
  {
    at: 24,
    code: 'MALFORMED_HEADER',
    broken: ({ virtualSize }) => virtualSize > MOST_VIRTUAL,
    why: 'virtual size beyond 2^53 bytes',
  },
  { at: 32, code: 'MALFORMED_HEADER', broken: ({ encryption }) => encryption > 2, why: 'unknown encryption method' },
  {
    at: 36,
    code: 'OVERSIZED_TABLE',
    broken: ({ l1Entries }) => l1Entries * 8 > 32 * 1024 * 1024,
    why: 'L1 table beyond 32 MiB',
  },
  {
    at: 36,
    code: 'MALFORMED_HEADER',
    broken: (header) => BigInt(header.l1Entries) * bytesPerL1Entry(header) < header.virtualSize,
    why: 'L1 table smaller than the virtual disk',
  },
  {
    at: 40,
    code: 'MALFORMED_HEADER',
    broken: (header) => isUnaligned(header.l1Offset, header),
    why: 'L1 table not at a cluster boundary',
  },
  {
    at: 40,
    code: 'TABLE_OUT_OF_BOUNDS',
    broken: (header, size) =>
      header.l1Entries > 0 && (header.l1Offset === 0n || pastEnd(header.l1Offset, BigInt(header.l1Entries) * 8n, size)),
    why: 'L1 table over the header or past the end of the file',
  },
  {
    at: 48,
    code: 'MALFORMED_HEADER',
    broken: (header) => isUnaligned(header.refcountOffset, header) || header.refcountClusters === 0,
    why: 'refcount table missing or not at a cluster boundary',
  },
  {
    at: 48,
    code: 'TABLE_OUT_OF_BOUNDS',
    broken: ({ refcountOffset }, size) => refcountOffset === 0n || pastEnd(refcountOffset, 1n, size),
    why: 'refcount table over the header or past the end of the file',
  },
  {
    at: 56,
    code: 'OVERSIZED_TABLE',
    broken: (header) => BigInt(header.refcountClusters) * clusterOf(header) > 8n * 1024n * 1024n,
    why: 'refcount table beyond 8 MiB',
  },
  {
    at: 60,
    code: 'OVERSIZED_TABLE',
    broken: ({ snapshots }) => snapshots > 65_536,
    why: 'more than 65,536 snapshots',
  },
  {
    at: 64,
    code: 'MALFORMED_HEADER',
    broken: (header) => header.snapshots > 0 && isUnaligned(header.snapshotsOffset, header),
    why: 'snapshot table not at a cluster boundary',
  },
  {
    at: 64,
    code: 'TABLE_OUT_OF_BOUNDS',
    // A snapshot takes 40 bytes at least.
    broken: ({ snapshots, snapshotsOffset }, size) =>
      snapshots > 0 && (snapshotsOffset === 0n || pastEnd(snapshotsOffset, BigInt(snapshots) * 40n, size)),
    why: 'snapshot table over the header or past the end of the file',
  },
  {
    at: 72,
    code: 'UNKNOWN_FEATURE_BITS',
    broken: ({ incompatible }) => (incompatible & ~KNOWN_INCOMPATIBLE) !== 0n,
    why: 'incompatible-feature bits that are not defined',
  },
  {
    at: 72,
    code: 'MALFORMED_HEADER',
    broken: (header) => hasFeature(header, INCOMPATIBLE.extendedL2) && header.clusterBits < 14,
    why: 'extended L2 entries with clusters below 16 KiB',
  },
  {
    at: 96,
    code: 'MALFORMED_HEADER',
    broken: ({ refcountOrder }) => refcountOrder > 6,
    why: 'refcounts beyond 64 bits',
  },
  {
    at: 100,
    code: 'MALFORMED_HEADER',
    broken: (header) =>
      header.version >= 3 &&
      (header.headerLength < 104 || header.headerLength % 8 !== 0 || BigInt(header.headerLength) > clusterOf(header)),
    why: 'header length below 104, not a multiple of 8 or beyond the first cluster',
  },
  {
    at: 104,
    code: 'MALFORMED_HEADER',
    broken: (header) => hasFeature(header, INCOMPATIBLE.compressionType) !== (header.compressionType !== 0),
    why: 'compression type and its feature bit contradict each other',
  },
  {
    at: 104,
    code: 'UNKNOWN_FEATURE_BITS',
    broken: ({ compressionType }) => compressionType > 1,
    why: 'compression type that is not defined',
  },
];
