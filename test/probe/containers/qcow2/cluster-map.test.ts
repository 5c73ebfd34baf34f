import { describe, expect, it } from 'vitest';
import type { BlockPlace } from '../../../../src/probe/containers/format/block-map.ts';
import { qcow2Map } from '../../../../src/probe/containers/qcow2/cluster-map.ts';
import { qcow2HeaderOf } from '../../../../src/probe/containers/qcow2/header.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { patch, type Patchable } from '../bytes.ts';
import { readOver } from '../../reading-over.ts';

const CLUSTER = 65_536;
const L1 = CLUSTER;
const L2 = 2 * CLUSTER;

interface Disk {
  readonly version?: 2 | 3;
  readonly features?: number;
  readonly backing?: number;
  readonly compression?: number;
}

/** Where the first blocks of a disk of 64 KiB clusters lie whose L2 table `entries` fills. */
function places(count: number, entries: (file: Patchable) => Patchable, disk: Disk = {}): readonly BlockPlace[] {
  const file = patch(3 * CLUSTER)
    .be32(4, disk.version ?? 3)
    .be64(8, disk.backing ?? 0)
    .be32(20, 16)
    .be64(24, 16 * CLUSTER)
    .be32(36, 1)
    .be64(40, L1)
    .be64(72, disk.features ?? 0)
    .be32(100, 112)
    .u8(104, disk.compression ?? 0)
    .be64(L1, 2n ** 63n + BigInt(L2));
  const { bytes } = entries(file);
  return readOver(bytes, qcow2Map(qcow2HeaderOf(fieldsOf(bytes))).locate(0, count)).value;
}

describe('an L2 entry', () => {
  it('names a cluster, zeros or nothing', () => {
    const file = (image: Patchable): Patchable => image.be64(L2, 2n ** 63n + 0x5_0000n).be64(L2 + 8, 1);
    expect(places(3, file)).toEqual([{ kind: 'stored', offset: 0x5_0000 }, { kind: 'zeros' }, { kind: 'zeros' }]);
    expect(places(3, file, { backing: 200 })[2]).toEqual({ kind: 'elsewhere' });
  });

  it('has no zero bit in version 2', () => {
    expect(places(1, (file) => file.be64(L2, 1), { version: 2 })).toMatchObject([
      { kind: 'lost', code: 'MALFORMED_HEADER', at: L2 },
    ]);
  });

  it('that is no multiple of the cluster size is malformed', () => {
    expect(places(1, (file) => file.be64(L2, 0x5_0200))).toMatchObject([{ kind: 'lost', code: 'MALFORMED_HEADER' }]);
  });

  it('of a compressed cluster counts sectors from the one in which the data begins', () => {
    // Cluster bits 16: 54 bits of offset, then the number of further sectors.
    const entry = 2n ** 62n + (2n << 54n) + 0x5_0064n;
    const place = { kind: 'compressed', offset: 0x5_0064, length: 3 * 512 - 0x64, skip: 0, shortfall: 'lost' };
    expect(places(1, (file) => file.be64(L2, entry))).toEqual([{ ...place, compression: 'deflate-raw' }]);
    expect(places(1, (file) => file.be64(L2, entry), { compression: 1 })).toEqual([{ ...place, compression: 'zstd' }]);
  });
});

it('takes an L1 entry of zero for a table of nothing, and an unaligned one for malformed', () => {
  expect(places(1, (file) => file.be64(L1, 0))).toEqual([{ kind: 'zeros' }]);
  expect(places(1, (file) => file.be64(L1, 0x2_0200))).toMatchObject([
    { kind: 'lost', code: 'MALFORMED_HEADER', at: L1 },
  ]);
});

it('loses the clusters of a table past the end of the file', () => {
  expect(places(1, (file) => file.be64(L1, 0x10_0000))).toMatchObject([
    { kind: 'lost', code: 'TABLE_OUT_OF_BOUNDS', at: L1 },
  ]);
});

describe('with extended L2 entries', () => {
  const SUBCLUSTER = CLUSTER / 32;

  it('the blocks are subclusters: allocated, of zeros, or neither', () => {
    const file = (image: Patchable): Patchable => image.be64(L2, 0x5_0000).be64(L2 + 8, (0b100n << 32n) | 0b011n);
    expect(places(4, file, { features: 16, backing: 200 })).toEqual([
      { kind: 'stored', offset: 0x5_0000 },
      { kind: 'stored', offset: 0x5_0000 + SUBCLUSTER },
      { kind: 'zeros' },
      { kind: 'elsewhere' },
    ]);
  });

  it('a subcluster that is allocated and of zeros is malformed, as is one without a cluster', () => {
    const both = (image: Patchable): Patchable => image.be64(L2, 0x5_0000).be64(L2 + 8, (1n << 32n) | 1n);
    const none = (image: Patchable): Patchable => image.be64(L2, 0).be64(L2 + 8, 1);
    for (const file of [both, none]) {
      expect(places(1, file, { features: 16 })).toMatchObject([{ kind: 'lost', code: 'MALFORMED_HEADER' }]);
    }
  });

  it('a compressed cluster holds its subclusters one after another', () => {
    const file = (image: Patchable): Patchable => image.be64(L2, 2n ** 62n + 0x5_0000n);
    expect(places(2, file, { features: 16 }).map((place) => 'skip' in place && place.skip)).toEqual([0, SUBCLUSTER]);
  });
});
