import type { Fields } from '../../reading/fields.ts';

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

/** Header of qcow2 version 2 or 3, big-endian. In version 2 the fields from 72 on have the defaults of the format. */
export interface Qcow2Header {
  readonly version: number;
  readonly backingOffset: bigint;
  readonly backingLength: number;
  readonly clusterBits: number;
  readonly virtualSize: bigint;
  /** 0 none, 1 AES, 2 LUKS. */
  readonly encryption: number;
  readonly l1Entries: number;
  readonly l1Offset: bigint;
  readonly refcountOffset: bigint;
  readonly refcountClusters: number;
  readonly snapshots: number;
  readonly snapshotsOffset: bigint;
  readonly incompatible: bigint;
  readonly refcountOrder: number;
  readonly headerLength: number;
  /** 0 deflate, 1 zstd. */
  readonly compressionType: number;
}

/** @throws Unreadable truncated. */
export function qcow2HeaderOf(head: Fields): Qcow2Header {
  const version = head.u32be(4);
  const extended = version >= 3;
  const headerLength = extended ? head.u32be(100) : 72;
  return {
    version,
    backingOffset: head.u64be(8),
    backingLength: head.u32be(16),
    clusterBits: head.u32be(20),
    virtualSize: head.u64be(24),
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
    compressionType: headerLength > 104 ? head.u8(104) : 0,
  };
}

export function hasFeature(header: Qcow2Header, bit: bigint): boolean {
  return (header.incompatible & bit) !== 0n;
}
