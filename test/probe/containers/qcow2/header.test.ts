import { expect, it, describe } from 'vitest';
import { hasFeature, INCOMPATIBLE, qcow2HeaderOf } from '../../../../src/probe/containers/qcow2/header.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { Unreadable } from '../../../../src/probe/reading/reading.ts';
import { patch, qcow2Image } from '../bytes.ts';
import { QCOW2 } from '../../../../src/probe/containers/qcow2/qcow2.ts';
import { openBytes } from '../image-file.ts';
import {
  backing,
  CLUSTER,
  extension,
  FAR,
  field,
  itJudges,
  MALFORMED,
  OUTSIDE,
  OVERSIZED,
  REMOTE_NAMES,
} from '../header-cases.ts';

it('reads version 3 at the offsets of the specification', () => {
  const bytes = patch(112)
    .text(0, 'QFI\xfb')
    .be32(4, 3)
    .be64(8, 1000)
    .be32(16, 9)
    .be32(20, 16)
    .be64(24, 1024)
    .be32(32, 2)
    .be32(36, 3)
    .be64(40, 0x3_0000)
    .be64(48, 0x1_0000)
    .be32(56, 1)
    .be32(60, 4)
    .be64(64, 0x5_0000)
    .be64(72, 9)
    .be32(96, 4)
    .be32(100, 112)
    .u8(104, 1).bytes;

  expect(qcow2HeaderOf(fieldsOf(bytes))).toEqual({
    version: 3,
    backingOffset: 1000n,
    backingLength: 9,
    clusterBits: 16,
    virtualSize: 1024n,
    encryption: 2,
    l1Entries: 3,
    l1Offset: 0x3_0000n,
    refcountOffset: 0x1_0000n,
    refcountClusters: 1,
    snapshots: 4,
    snapshotsOffset: 0x5_0000n,
    incompatible: 9n,
    refcountOrder: 4,
    headerLength: 112,
    compressionType: 1,
  });
});

it('gives version 2 its defaults, whatever follows the header', () => {
  const bytes = patch(112).be32(4, 2).fill(72, 112, 0xff).bytes;

  expect(qcow2HeaderOf(fieldsOf(bytes))).toMatchObject({
    incompatible: 0n,
    refcountOrder: 4,
    headerLength: 72,
    compressionType: 0,
  });
});

it('has no compression type in a header of 104 bytes', () => {
  const bytes = patch(112).be32(4, 3).be32(100, 104).u8(104, 7).bytes;

  expect(qcow2HeaderOf(fieldsOf(bytes)).compressionType).toBe(0);
});

it('is not read where it is cut short', () => {
  const bytes = patch(112).be32(4, 3).be32(100, 112).bytes;

  expect(() => qcow2HeaderOf(fieldsOf(bytes.subarray(0, 103)))).toThrow(Unreadable);
  expect(() => qcow2HeaderOf(fieldsOf(bytes.subarray(0, 71)))).toThrow(Unreadable);
});

it('has the features whose bits are set', () => {
  const header = qcow2HeaderOf(fieldsOf(patch(112).be32(4, 3).be64(72, 0b10001).bytes));

  expect(Object.entries(INCOMPATIBLE).filter(([, bit]) => hasFeature(header, bit))).toEqual([
    ['dirty', 1n],
    ['extendedL2', 16n],
  ]);
});

describe('qcow2', () => {
  itJudges(QCOW2, qcow2Image(), [
    field('version 4', (image) => image.be32(4, 4), MALFORMED),
    field('cluster bits 8', (image) => image.be32(20, 8), MALFORMED),
    field('cluster bits 22', (image) => image.be32(20, 22), MALFORMED),
    field('cluster bits of all ones', (image) => image.be32(20, 0xffff_ffff), MALFORMED),
    field('backing file, all that is wanted is there', (image) => backing(image, 'base.raw'), {
      safety: ['BACKING_FILE'],
      guest: 'read',
    }),
    field('backing file, first cluster missing', (image) => backing(image, 'a').be64(CLUSTER * 3, 0), {
      safety: ['BACKING_FILE'],
      guest: { closed: 'needs a backing file' },
    }),
    field('backing file, second cluster missing', (image) => backing(image, 'a').be64(CLUSTER * 3 + 8, 0), {
      safety: ['BACKING_FILE'],
      guest: 'unreadable',
    }),
    field('backing file, no L2 table', (image) => backing(image, 'a').be64(CLUSTER * 2, 0), {
      safety: ['BACKING_FILE'],
      guest: { closed: 'needs a backing file' },
    }),
    ...REMOTE_NAMES.map((name) =>
      field(`backing file ${name}`, (image) => backing(image, name), {
        safety: ['BACKING_FILE', 'REMOTE_NAME'],
        guest: 'read',
      }),
    ),
    ...['/etc/passwd', 'a/b:c', '', 'base'].map((name) =>
      field(`backing file that is a path: "${name}"`, (image) => backing(image, name), {
        safety: ['BACKING_FILE'],
        guest: 'read',
      }),
    ),
    field('backing file name over the header', (image) => image.be64(8, 64).be32(16, 4), {
      safety: ['BACKING_FILE', 'MALFORMED_HEADER'],
      guest: { closed: 'malformed header' },
    }),
    field('backing file name of 1024 bytes', (image) => image.be64(8, 512).be32(16, 1024), {
      safety: ['BACKING_FILE', 'MALFORMED_HEADER'],
      guest: { closed: 'malformed header' },
    }),
    field('backing file name outside the first cluster', (image) => image.be64(8, CLUSTER - 4).be32(16, 8), {
      safety: ['BACKING_FILE', 'MALFORMED_HEADER'],
      guest: { closed: 'malformed header' },
    }),
    field('backing file name beyond any file', (image) => image.be64(8, FAR).be32(16, 8), {
      safety: ['BACKING_FILE', 'MALFORMED_HEADER'],
      guest: { closed: 'malformed header' },
    }),
    field('json: behind unknown features is still seen', (image) => backing(image, 'json:{}').be64(72, 32), {
      safety: ['BACKING_FILE', 'REMOTE_NAME', 'UNKNOWN_FEATURE_BITS'],
      guest: { closed: 'malformed header' },
    }),
    field('external data file', (image) => image.be64(72, 4), {
      safety: ['EXTERNAL_DATA_FILE'],
      guest: { closed: 'data in another file' },
    }),
    field('external data file named json:', (image) => extension(image.be64(72, 4), 0x44415441, 'json:{}'), {
      safety: ['EXTERNAL_DATA_FILE', 'REMOTE_NAME'],
      guest: { closed: 'data in another file' },
    }),
    field('name of a data file without its bit', (image) => extension(image, 0x44415441, 'x'), {
      safety: ['EXTERNAL_DATA_FILE'],
      guest: 'read',
    }),
    field(
      'data file named behind another extension',
      (image) => extension(image, 1, 'abc').be32(120, 0x44415441).be32(124, 4).text(128, 'nbd:'),
      {
        safety: ['EXTERNAL_DATA_FILE', 'REMOTE_NAME'],
        guest: 'read',
      },
    ),
    field(
      'nothing is looked for behind the end of the extensions',
      (image) => extension(image, 0, '').be32(112, 0x44415441).be32(116, 4),
      {
        safety: [],
        guest: 'read',
      },
    ),
    field('header extension longer than the cluster', (image) => extension(image, 1, '', CLUSTER), MALFORMED),
    field('header extension that ends with the cluster', (image) => extension(image, 1, '', CLUSTER - 112), {
      safety: [],
      guest: 'read',
    }),
    field('header extension a byte longer', (image) => extension(image, 1, '', CLUSTER - 111), MALFORMED),
    field('header extension over the backing file name', (image) => extension(backing(image, 'base'), 1, '', 1000), {
      safety: ['BACKING_FILE', 'MALFORMED_HEADER'],
      guest: { closed: 'malformed header' },
    }),
    field('header extension of all ones', (image) => extension(image, 1, '', 0xffff_ffff), MALFORMED),
    field('feature bit 5', (image) => image.be64(72, 32), {
      safety: ['UNKNOWN_FEATURE_BITS'],
      guest: { closed: 'malformed header' },
    }),
    field('feature bit 63', (image) => image.be64(72, FAR), {
      safety: ['UNKNOWN_FEATURE_BITS'],
      guest: { closed: 'malformed header' },
    }),
    field('dirty bit', (image) => image.be64(72, 1), { safety: ['DIRTY'], guest: 'stale' }),
    field('corrupt bit', (image) => image.be64(72, 2), { safety: ['DIRTY'], guest: 'stale' }),
    field('compression bit without a type', (image) => image.be64(72, 8), MALFORMED),
    field('compression type without its bit', (image) => image.be32(100, 112).u8(104, 1), MALFORMED),
    field('compression type 2', (image) => image.be64(72, 8).be32(100, 112).u8(104, 2), {
      safety: ['UNKNOWN_FEATURE_BITS'],
      guest: { closed: 'malformed header' },
    }),
    field('extended L2 with clusters of 512 bytes', (image) => image.be64(72, 16).be32(20, 9), {
      ...MALFORMED,
      safety: ['FEATURE_REFUSED', 'MALFORMED_HEADER'],
    }),
    field('version 2, whose first extension has a length of 4', (image) => image.be32(4, 2).be32(76, 4), {
      safety: ['FEATURE_REFUSED'],
      guest: 'read',
    }),
    field('AES', (image) => image.be32(32, 1), { safety: ['ENCRYPTED_CONTENT'], guest: { closed: 'encrypted' } }),
    field('LUKS', (image) => image.be32(32, 2), { safety: ['ENCRYPTED_CONTENT'], guest: { closed: 'encrypted' } }),
    field('encryption method 3', (image) => image.be32(32, 3), {
      safety: ['ENCRYPTED_CONTENT', 'MALFORMED_HEADER'],
      guest: { closed: 'malformed header' },
    }),
    field('snapshots', (image) => image.be32(60, 2).be64(64, CLUSTER * 3), {
      safety: ['INTERNAL_SNAPSHOTS'],
      guest: 'read',
    }),
    field('snapshots past the end', (image) => image.be32(60, 2).be64(64, CLUSTER * 6), {
      safety: ['INTERNAL_SNAPSHOTS', 'TABLE_OUT_OF_BOUNDS'],
      guest: { closed: 'malformed header' },
    }),
    field('snapshots over the header', (image) => image.be32(60, 2), {
      safety: ['INTERNAL_SNAPSHOTS', 'TABLE_OUT_OF_BOUNDS'],
      guest: { closed: 'malformed header' },
    }),
    field('snapshots at no boundary', (image) => image.be32(60, 2).be64(64, CLUSTER * 3 + 8), {
      safety: ['INTERNAL_SNAPSHOTS', 'MALFORMED_HEADER'],
      guest: { closed: 'malformed header' },
    }),
    field('65,537 snapshots', (image) => image.be32(60, 65_537).be64(64, CLUSTER), {
      safety: ['INTERNAL_SNAPSHOTS', 'OVERSIZED_TABLE', 'TABLE_OUT_OF_BOUNDS'],
      guest: OVERSIZED,
    }),
    field('L1 table of all ones', (image) => image.be32(36, 0xffff_ffff), {
      safety: ['OVERSIZED_TABLE', 'TABLE_OUT_OF_BOUNDS'],
      guest: OVERSIZED,
    }),
    field('L1 table past the end', (image) => image.be64(40, CLUSTER * 6), OUTSIDE),
    field('L1 table that ends past the end', (image) => image.be32(36, CLUSTER), OUTSIDE),
    field('L1 table over the header', (image) => image.be64(40, 0), OUTSIDE),
    field('L1 table beyond any file', (image) => image.be64(40, FAR), OUTSIDE),
    field('L1 table at no boundary', (image) => image.be64(40, CLUSTER * 2 + 512), MALFORMED),
    field('L1 table too small', (image) => image.be64(24, 2 ** 29 + 1), MALFORMED),
    field('virtual size of all ones', (image) => image.be64(24, 2n ** 64n - 1n), MALFORMED),
    field('refcount table over the header', (image) => image.be64(48, 0), OUTSIDE),
    field('refcount table past the end', (image) => image.be64(48, CLUSTER * 6), OUTSIDE),
    field('refcount table at no boundary', (image) => image.be64(48, CLUSTER + 8), MALFORMED),
    field('no refcount table', (image) => image.be32(56, 0), MALFORMED),
    field('refcount table of 129 clusters', (image) => image.be32(56, 129), {
      safety: ['OVERSIZED_TABLE'],
      guest: OVERSIZED,
    }),
    field('refcount order 7', (image) => image.be32(96, 7), MALFORMED),
    field('header length 96', (image) => image.be32(100, 96), MALFORMED),
    field('header length 109', (image) => image.be32(100, 109), MALFORMED),
    field('header length beyond the cluster', (image) => image.be32(100, CLUSTER + 8), MALFORMED),
    field('L2 table past the end', (image) => image.be64(CLUSTER * 2, CLUSTER * 6), {
      safety: ['TABLE_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field('L2 table at no boundary', (image) => image.be64(CLUSTER * 2, CLUSTER * 3 + 512), {
      safety: ['MALFORMED_HEADER'],
      guest: 'unreadable',
    }),
    field('cluster past the end', (image) => image.be64(CLUSTER * 3 + 8, CLUSTER * 6), {
      safety: ['DATA_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field('cluster far past the end', (image) => image.be64(CLUSTER * 3, 0x00ff_ffff_ffff_0000n), {
      safety: ['DATA_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field('cluster at no boundary', (image) => image.be64(CLUSTER * 3, CLUSTER * 4 + 512), {
      safety: ['MALFORMED_HEADER'],
      guest: 'unreadable',
    }),
    field('compressed cluster past the end', (image) => image.be64(CLUSTER * 3, (1n << 62n) + BigInt(CLUSTER * 6)), {
      safety: ['DATA_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field('compressed cluster that is none', (image) => image.be64(CLUSTER * 3, (1n << 62n) + BigInt(CLUSTER * 4)), {
      safety: [],
      guest: 'unreadable',
    }),
    field(
      'reserved bits in both tables',
      (image) => image.be64(CLUSTER * 2, CLUSTER * 3 + 0x1ff).be64(CLUSTER * 3, CLUSTER * 4 + 0x1fe),
      {
        safety: [],
        guest: 'read',
      },
    ),
    field('zero bit', (image) => image.be64(CLUSTER * 3, CLUSTER * 4 + 1), { safety: [], guest: 'read' }),
  ]);

  it('version 2 has no zero bit, feature bits or header length', async () => {
    const image = patch(qcow2Image(2)).bytes;
    expect((await openBytes(QCOW2, image, 0, 512)).guest).toEqual(new Uint8Array(512).fill(0x11));
    expect((await openBytes(QCOW2, patch(image).be64(CLUSTER * 3, CLUSTER * 4 + 1).bytes)).container.safety).toEqual([
      'MALFORMED_HEADER',
    ]);
  });

  it('header extensions that go on behind the head', async () => {
    const mib = 1024 * 1024;
    const image = patch(4 * mib)
      .text(0, qcow2Image().toString('latin1', 0, 128))
      .be32(20, 20)
      .be64(40, 2 * mib)
      .be64(48, mib);
    expect((await openBytes(QCOW2, image.bytes)).container.safety).toEqual([]);
    const endless = extension(image, 1, '', 512 * 1024 - 112);
    expect((await openBytes(QCOW2, endless.bytes)).container.safety).toEqual(['MALFORMED_HEADER']);
  });

  it('zeros where the zero bit is, whatever the cluster holds', async () => {
    const image = patch(qcow2Image()).be64(CLUSTER * 3, CLUSTER * 4 + 1).bytes;
    expect((await openBytes(QCOW2, image, 0, 512)).guest).toEqual(new Uint8Array(512));
  });

  it.each([
    ['allocated and zeros at once', 0x0000_0001_0000_0001n, CLUSTER * 4],
    ['allocated without a cluster', 1n, 0],
  ])('subcluster bitmap: %s', async (_, bitmap, cluster) => {
    const image = patch(qcow2Image())
      .be64(72, 16)
      .be64(CLUSTER * 3, cluster)
      .be64(CLUSTER * 3 + 8, bitmap).bytes;
    const { container, guest } = await openBytes(QCOW2, image, 0, 512);
    expect(container.safety).toEqual(['FEATURE_REFUSED', 'MALFORMED_HEADER']);
    expect(guest).toBeInstanceOf(Unreadable);
  });

  it('reads what is there in front of a block that lies in a backing file', async () => {
    const image = backing(patch(qcow2Image()), 'base').be64(CLUSTER * 3 + 8, 0).bytes;
    expect((await openBytes(QCOW2, image, 0, CLUSTER)).guest).toEqual(new Uint8Array(CLUSTER).fill(0x11));
    expect((await openBytes(QCOW2, image, 0, CLUSTER + 1)).guest).toMatchObject({ reason: 'unsupported' });
  });

  it('fills a last cluster that the file cuts short with zeros, and loses one that begins at its end', async () => {
    const image = qcow2Image();
    const cut = await openBytes(QCOW2, image.subarray(0, CLUSTER * 5 + 100), CLUSTER, 200);
    expect(cut.container.safety).toEqual([]);
    expect(cut.guest).toEqual(Uint8Array.from({ length: 200 }, (_, index) => (index < 100 ? 0x22 : 0)));
    const lost = await openBytes(QCOW2, image.subarray(0, CLUSTER * 5), CLUSTER, 200);
    expect(lost.container.safety).toEqual(['DATA_OUT_OF_BOUNDS']);
    expect(lost.guest).toMatchObject({ reason: 'truncated' });
  });
});
