import type { Fields } from '../../reading/fields.ts';
import { MOST_VIRTUAL, pastEnd, rule, type HeaderRule, LONGEST_NAME } from '../format/header-rules.ts';

/** Magic of qcow2 and of its predecessor qcow; the version follows it. */
export const QCOW_MAGIC = 'QFI\xfb';

/** Incompatible-feature bits of version 3 (QEMU docs/interop/qcow2.rst). */
export const INCOMPATIBLE = {
  dirty: 1n,
  corrupt: 2n,
  externalData: 4n,
  compressionType: 8n,
  extendedL2: 16n,
} as const;

/** @throws Unreadable truncated. */
export function qcow2HeaderOf(head: Fields) {
  const version = head.u32be(4);
  const extended = version >= 3;
  const headerLength = extended ? head.u32be(100) : 72;
  return {
    version,
    backingOffset: head.u64be(8),
    backingLength: head.u32be(16),
    clusterBits: head.u32be(20),
    virtualSize: head.u64be(24),
    // 0 none, 1 AES, 2 LUKS.
    encryption: head.u32be(32),
    l1Entries: head.u32be(36),
    l1Offset: head.u64be(40),
    refcountOffset: head.u64be(48),
    refcountClusters: head.u32be(56),
    snapshots: head.u32be(60),
    snapshotsOffset: head.u64be(64),
    incompatible: extended ? head.u64be(72) : 0n,
    refcountOrder: extended ? head.u32be(96) : 4,
    headerLength,
    // 0 deflate, 1 zstd.
    compressionType: headerLength > 104 ? head.u8(104) : 0,
  };
}

/** Header of qcow2 version 2 or 3, big-endian. In version 2 the fields from 72 on have the defaults of the format. */
export type Qcow2Header = Readonly<ReturnType<typeof qcow2HeaderOf>>;

export function hasFeature(header: Qcow2Header, bit: bigint): boolean {
  return (header.incompatible & bit) !== 0n;
}

/** All bits of `INCOMPATIBLE`. */
export const KNOWN_INCOMPATIBLE = 31n;

function bytesPerL1Entry(header: Qcow2Header): bigint {
  const entryBits = hasFeature(header, INCOMPATIBLE.extendedL2) ? 4n : 3n;
  return 1n << (2n * BigInt(header.clusterBits) - entryBits);
}

/** What must hold before any other field can be weighed. */
export const CLUSTER_RULES: readonly HeaderRule<Qcow2Header>[] = [
  rule.malformed(4, 'qcow2 version that is not defined', ({ version }) => version > 3),
  rule.malformed(
    20,
    'qcow2 cluster size outside 512 bytes to 2 MiB',
    ({ clusterBits }) => clusterBits < 9 || clusterBits > 21,
  ),
];

const clusterOf = (header: Qcow2Header): bigint => 1n << BigInt(header.clusterBits);
const isUnaligned = (offset: bigint, header: Qcow2Header): boolean => offset % clusterOf(header) !== 0n;

/** Limits of lengths are QEMU's (block/qcow2.h): L1 32 MiB, refcount table 8 MiB, 65,536 snapshots. */
export const QCOW2_RULES: readonly HeaderRule<Qcow2Header>[] = [
  rule.malformed(
    8,
    'backing file name over the header, outside the first cluster or too long',
    (header) =>
      header.backingOffset !== 0n &&
      (header.backingOffset < BigInt(header.headerLength) ||
        header.backingLength > LONGEST_NAME ||
        header.backingOffset + BigInt(header.backingLength) > clusterOf(header)),
  ),
  rule.malformed(24, 'virtual size beyond 2^53 bytes', ({ virtualSize }) => virtualSize > MOST_VIRTUAL),
  rule.malformed(32, 'unknown encryption method', ({ encryption }) => encryption > 2),
  rule.oversized(36, 'L1 table beyond 32 MiB', ({ l1Entries }) => l1Entries * 8 > 32 * 1024 * 1024),
  rule.malformed(
    36,
    'L1 table smaller than the virtual disk',
    (header) => BigInt(header.l1Entries) * bytesPerL1Entry(header) < header.virtualSize,
  ),
  rule.malformed(40, 'L1 table not at a cluster boundary', (header) => isUnaligned(header.l1Offset, header)),
  rule.outOfBounds(
    40,
    'L1 table over the header or past the end of the file',
    (header, size) =>
      header.l1Entries > 0 && (header.l1Offset === 0n || pastEnd(header.l1Offset, BigInt(header.l1Entries) * 8n, size)),
  ),
  rule.malformed(
    48,
    'refcount table missing or not at a cluster boundary',
    (header) => isUnaligned(header.refcountOffset, header) || header.refcountClusters === 0,
  ),
  rule.outOfBounds(
    48,
    'refcount table over the header or past the end of the file',
    ({ refcountOffset }, size) => refcountOffset === 0n || pastEnd(refcountOffset, 1n, size),
  ),
  rule.oversized(
    56,
    'refcount table beyond 8 MiB',
    (header) => BigInt(header.refcountClusters) * clusterOf(header) > 8n * 1024n * 1024n,
  ),
  rule.oversized(60, 'more than 65,536 snapshots', ({ snapshots }) => snapshots > 65_536),
  rule.malformed(
    64,
    'snapshot table not at a cluster boundary',
    (header) => header.snapshots > 0 && isUnaligned(header.snapshotsOffset, header),
  ),
  // A snapshot takes at least 40 bytes.
  rule.outOfBounds(
    64,
    'snapshot table over the header or past the end of the file',
    ({ snapshots, snapshotsOffset }, size) =>
      snapshots > 0 && (snapshotsOffset === 0n || pastEnd(snapshotsOffset, BigInt(snapshots) * 40n, size)),
  ),
  rule.unknownFeature(
    72,
    'incompatible-feature bits that are not defined',
    ({ incompatible }) => (incompatible & ~KNOWN_INCOMPATIBLE) !== 0n,
  ),
  rule.malformed(
    72,
    'extended L2 entries with clusters below 16 KiB',
    (header) => hasFeature(header, INCOMPATIBLE.extendedL2) && header.clusterBits < 14,
  ),
  rule.malformed(96, 'refcounts beyond 64 bits', ({ refcountOrder }) => refcountOrder > 6),
  rule.malformed(
    100,
    'header length below 104, not a multiple of 8 or beyond the first cluster',
    (header) =>
      header.version >= 3 &&
      (header.headerLength < 104 || header.headerLength % 8 !== 0 || BigInt(header.headerLength) > clusterOf(header)),
  ),
  rule.malformed(
    104,
    'compression type and its feature bit contradict each other',
    (header) => hasFeature(header, INCOMPATIBLE.compressionType) !== (header.compressionType !== 0),
  ),
  rule.unknownFeature(104, 'compression type that is not defined', ({ compressionType }) => compressionType > 1),
];
