import { deflateRawSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import type { SafetyCode } from '../../../src/model/safety.ts';
import type { ContainerFormat } from '../../../src/probe/containers/format/container.ts';
import { COW } from '../../../src/probe/containers/cow.ts';
import { PARALLELS } from '../../../src/probe/containers/parallels.ts';
import { QCOW } from '../../../src/probe/containers/qcow.ts';
import { QCOW2 } from '../../../src/probe/containers/qcow2/qcow2.ts';
import { QED } from '../../../src/probe/containers/qed.ts';
import { VDI } from '../../../src/probe/containers/vdi.ts';
import { Unreadable } from '../../../src/probe/reading/reading.ts';
import { cowImage, parallelsImage, patch, qcow2Image, qcowImage, qedImage, vdiImage, type Patchable } from './bytes.ts';
import { noise } from './guests.ts';
import { openBytes } from './image-file.ts';

/** A header field changed in a sound image, and what must be said of it. */
interface Case {
  readonly name: string;
  readonly change: (image: Patchable) => Patchable;
  readonly safety: readonly SafetyCode[];
  /** Why the guest is closed; or that reading fails, or that it is read although something is wrong. */
  readonly guest: { readonly closed: string } | 'unreadable' | 'read' | 'stale';
}

const MALFORMED = { safety: ['MALFORMED_HEADER'], guest: { closed: 'malformed header' } } as const;
const OUTSIDE = { safety: ['TABLE_OUT_OF_BOUNDS'], guest: { closed: 'malformed header' } } as const;
const OVERSIZED = { closed: 'malformed header' } as const;
const FAR = 2n ** 63n;
const CLUSTER = 65_536;

function field(name: string, change: (image: Patchable) => Patchable, expected: Pick<Case, 'safety' | 'guest'>): Case {
  return { name, change, ...expected };
}

function run(format: ContainerFormat, sound: Buffer, cases: readonly Case[]): void {
  it('is sound before it is changed', async () => {
    const { container, guest } = await openBytes(format, sound, 0, 512);
    expect(container.safety).toEqual([]);
    expect(container.guest).toMatchObject({ kind: 'mapped', tables: 'sound' });
    expect(guest).toEqual(new Uint8Array(512).fill(0x11));
  });

  it.each(cases)('$name', async ({ change, safety, guest: expected }) => {
    const { container, guest } = await openBytes(format, change(patch(sound)).bytes);
    expect(container.safety).toEqual(safety);
    expect(container.evidence.length).toBeGreaterThanOrEqual(safety.length === 0 ? 0 : 1);
    if (expected === 'read' || expected === 'stale') {
      expect(container.guest).toMatchObject({ kind: 'mapped', tables: expected === 'stale' ? 'stale' : 'sound' });
      expect(guest).toBeInstanceOf(Uint8Array);
    } else if (expected === 'unreadable') {
      expect(guest).toBeInstanceOf(Unreadable);
    } else {
      expect(container.guest).toEqual({ kind: 'closed', why: expected.closed });
    }
  });
}

function backing(image: Patchable, name: string): Patchable {
  return image.be64(8, 512).be32(16, name.length).text(512, name);
}

function extension(image: Patchable, type: number, data: string, length = data.length): Patchable {
  return image.be32(104, type).be32(108, length).text(112, data);
}

const REMOTE_NAMES = ['json:{"driver":"file"}', 'nbd://a.example/x', 'file:x', 'http:', '://'] as const;

describe('qcow2', () => {
  run(QCOW2, qcow2Image(), [
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

describe('qcow', () => {
  run(QCOW, qcowImage(), [
    field('backing file', (image) => image.be64(8, 200).be32(16, 4).text(200, 'base'), {
      safety: ['BACKING_FILE'],
      guest: 'unreadable',
    }),
    field('backing file, nothing there', (image) => image.be64(8, 200).be32(16, 4).be64(48, 0), {
      safety: ['BACKING_FILE'],
      guest: { closed: 'needs a backing file' },
    }),
    field('backing file json:', (image) => image.be64(8, 200).be32(16, 7).text(200, 'json:{}'), {
      safety: ['BACKING_FILE', 'REMOTE_NAME'],
      guest: 'unreadable',
    }),
    field('backing file name over the header', (image) => image.be64(8, 8).be32(16, 4), {
      safety: ['BACKING_FILE', 'MALFORMED_HEADER'],
      guest: { closed: 'malformed header' },
    }),
    field('AES', (image) => image.be32(36, 1), { safety: ['ENCRYPTED_CONTENT'], guest: { closed: 'encrypted' } }),
    field('encryption method 2', (image) => image.be32(36, 2), {
      safety: ['ENCRYPTED_CONTENT', 'MALFORMED_HEADER'],
      guest: { closed: 'malformed header' },
    }),
    field('cluster bits 8', (image) => image.u8(32, 8), MALFORMED),
    field('cluster bits 17', (image) => image.u8(32, 17), MALFORMED),
    field('L2 bits 5', (image) => image.u8(33, 5), MALFORMED),
    field('L2 bits 14', (image) => image.u8(33, 14), MALFORMED),
    field('virtual size 1', (image) => image.be64(24, 1), MALFORMED),
    field('virtual size of all ones', (image) => image.be64(24, 2n ** 64n - 1n), MALFORMED),
    field('virtual size that needs an L1 table beyond 2 GiB', (image) => image.be64(24, 2n ** 50n), {
      safety: ['OVERSIZED_TABLE', 'TABLE_OUT_OF_BOUNDS'],
      guest: OVERSIZED,
    }),
    field('L1 table past the end', (image) => image.be64(40, 16_384), OUTSIDE),
    field('L1 table over the header', (image) => image.be64(40, 40), OUTSIDE),
    field('L1 table beyond any file', (image) => image.be64(40, FAR), OUTSIDE),
    field('L2 table past the end', (image) => image.be64(48, 16_384), {
      safety: ['TABLE_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field('L2 table beyond any file', (image) => image.be64(48, FAR), {
      safety: ['TABLE_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field('cluster past the end', (image) => image.be64(4096, 16_384), {
      safety: ['DATA_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field('cluster beyond any file', (image) => image.be64(4096, FAR - 1n), {
      safety: ['DATA_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field('compressed cluster of no bytes', (image) => image.be64(4096, FAR + 8192n), {
      safety: [],
      guest: 'unreadable',
    }),
  ]);

  it('takes no more compressed bytes than the entry says', async () => {
    const packed = deflateRawSync(Buffer.concat([noise(2048, 9), Buffer.alloc(2048)]));
    const image = (length: number): Buffer => {
      const { bytes } = patch(qcowImage()).be64(4096, FAR + (BigInt(length) << 51n) + 8192n);
      packed.copy(bytes, 8192);
      return bytes;
    };
    const whole = await openBytes(QCOW, image(packed.length), 0, 4096);
    expect(Buffer.from(whole.guest as Uint8Array).subarray(0, 2048)).toEqual(noise(2048, 9));
    expect((await openBytes(QCOW, image(packed.length - 900), 0, 4096)).guest).toMatchObject({ reason: 'malformed' });
  });
});

describe('qed', () => {
  run(QED, qedImage(), [
    field('backing file', (image) => image.le64(16, 1).le32(56, 64).le32(60, 4).text(64, 'base'), {
      safety: ['BACKING_FILE'],
      guest: 'unreadable',
    }),
    field('backing file json:', (image) => image.le64(16, 5).le32(56, 64).le32(60, 7).text(64, 'json:{}'), {
      safety: ['BACKING_FILE', 'REMOTE_NAME'],
      guest: 'unreadable',
    }),
    field('backing file, nothing there', (image) => image.le64(16, 1).le32(56, 64).le32(60, 4).le64(4096, 0), {
      safety: ['BACKING_FILE'],
      guest: { closed: 'needs a backing file' },
    }),
    field('backing file name outside the header', (image) => image.le64(16, 1).le32(56, 4094).le32(60, 4), {
      safety: ['BACKING_FILE', 'MALFORMED_HEADER'],
      guest: { closed: 'malformed header' },
    }),
    field('needs a check', (image) => image.le64(16, 2), { safety: ['DIRTY'], guest: 'stale' }),
    field('feature bit 3', (image) => image.le64(16, 8), {
      safety: ['UNKNOWN_FEATURE_BITS'],
      guest: { closed: 'malformed header' },
    }),
    field('cluster size 2 KiB', (image) => image.le32(4, 2048), MALFORMED),
    field('cluster size 128 MiB', (image) => image.le32(4, 2 ** 27), MALFORMED),
    field('cluster size 5000', (image) => image.le32(4, 5000), MALFORMED),
    field('tables of 3 clusters', (image) => image.le32(8, 3), MALFORMED),
    field('tables of 32 clusters', (image) => image.le32(8, 32), MALFORMED),
    field('no header cluster', (image) => image.le32(12, 0), MALFORMED),
    field('header of all ones', (image) => image.le32(12, 0xffff_ffff), {
      safety: ['MALFORMED_HEADER', 'TABLE_OUT_OF_BOUNDS'],
      guest: { closed: 'malformed header' },
    }),
    field('L1 table over the header', (image) => image.le64(40, 0), OUTSIDE),
    field('L1 table past the end', (image) => image.le64(40, 4096 * 6), OUTSIDE),
    field('L1 table at no boundary', (image) => image.le64(40, 4097), MALFORMED),
    field('L1 table beyond any file', (image) => image.le64(40, FAR), OUTSIDE),
    field('virtual size not in sectors', (image) => image.le64(48, 1_000_001), MALFORMED),
    field('virtual size beyond the tables', (image) => image.le64(48, 2 ** 32 + 512), MALFORMED),
    field('L2 table in the header', (image) => image.le64(4096, 1), {
      safety: ['MALFORMED_HEADER'],
      guest: 'unreadable',
    }),
    field('L2 table past the end', (image) => image.le64(4096, 4096 * 6), {
      safety: ['TABLE_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field('cluster past the end', (image) => image.le64(4096 * 3, 4096 * 6), {
      safety: ['DATA_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field('cluster beyond any file', (image) => image.le64(4096 * 3, FAR), {
      safety: ['DATA_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field(
      'cluster in the header',
      (image) =>
        image
          .le32(12, 2)
          .le64(40, 4096 * 2)
          .le64(4096 * 2, 4096 * 3)
          .le64(4096 * 3, 4096),
      { safety: ['MALFORMED_HEADER'], guest: 'unreadable' },
    ),
    field('cluster at no boundary', (image) => image.le64(4096 * 3, 4096 * 5 + 2), {
      safety: ['MALFORMED_HEADER'],
      guest: 'unreadable',
    }),
  ]);
});

describe('vdi', () => {
  const parent = { safety: ['PARENT_NEEDED'], guest: { closed: 'needs a parent file' } } as const;
  run(VDI, vdiImage(), [
    field('undo image', (image) => image.le32(76, 3), parent),
    field('differencing image', (image) => image.le32(76, 4), parent),
    field('uuid of a linked image', (image) => image.u8(424, 1), parent),
    field('uuid of a parent', (image) => image.u8(455, 1), parent),
    field('image type 0', (image) => image.le32(76, 0), MALFORMED),
    field('image type 5', (image) => image.le32(76, 5), MALFORMED),
    field('version 1.0', (image) => image.le32(68, 0x0001_0000), MALFORMED),
    field('sector size 4096', (image) => image.le32(360, 4096), MALFORMED),
    field('block size 0', (image) => image.le32(376, 0), {
      safety: ['MALFORMED_HEADER'],
      guest: { closed: 'malformed header' },
    }),
    field('block size 100,000', (image) => image.le32(376, 100_000), MALFORMED),
    field('extra bytes in blocks', (image) => image.le32(380, 512), {
      safety: ['UNKNOWN_FEATURE_BITS'],
      guest: { closed: 'blocks with extra bytes' },
    }),
    field('blocks of all ones', (image) => image.le32(384, 0xffff_ffff), {
      safety: ['OVERSIZED_TABLE', 'TABLE_OUT_OF_BOUNDS'],
      guest: OVERSIZED,
    }),
    field('more virtual bytes than blocks', (image) => image.le64(368, 1024 * 1024 + 1), MALFORMED),
    field('virtual size of all ones', (image) => image.le64(368, 2n ** 64n - 1n), MALFORMED),
    field('map over the header', (image) => image.le32(340, 0), OUTSIDE),
    field('map into the data', (image) => image.le32(344, 512), OUTSIDE),
    field('map at no boundary', (image) => image.le32(340, 516), MALFORMED),
    field('data at no boundary', (image) => image.le32(344, 1025), MALFORMED),
    field('map past the end', (image) => image.le32(340, 0x1000_0000).le32(344, 0x2000_0000), OUTSIDE),
    field('block past the end', (image) => image.le32(512, 1), { safety: ['DATA_OUT_OF_BOUNDS'], guest: 'unreadable' }),
    field('block far past the end', (image) => image.le32(512, 0xffff_fffd), {
      safety: ['DATA_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field('discarded block', (image) => image.le32(512, 0xffff_fffe), { safety: [], guest: 'read' }),
  ]);
});

describe.each(['x86-64', 'i386'] as const)('cow, %s', (layout) => {
  const [size, sectorSize, length] = layout === 'x86-64' ? [1040, 1048, 1056] : [1036, 1044, 1048];
  run(COW, cowImage(layout), [
    field('backing file, first sectors there, others not', (image) => image.text(8, 'base'), {
      safety: ['BACKING_FILE', 'PARENT_NEEDED'],
      guest: 'unreadable',
    }),
    field('backing file, nothing there', (image) => image.text(8, 'base').u8(length, 0), {
      safety: ['BACKING_FILE', 'PARENT_NEEDED'],
      guest: { closed: 'needs a backing file' },
    }),
    field('backing file json:', (image) => image.text(8, 'json:{}'), {
      safety: ['BACKING_FILE', 'PARENT_NEEDED', 'REMOTE_NAME'],
      guest: 'unreadable',
    }),
    field('backing file whose name ends before a colon', (image) => image.text(8, 'base\0nbd:'), {
      safety: ['BACKING_FILE', 'PARENT_NEEDED'],
      guest: 'unreadable',
    }),
    field('neither layout', (image) => image.be32(sectorSize, 513), MALFORMED),
    field('virtual size not in sectors', (image) => image.be64(size, 1_000_001), MALFORMED),
    field('bitmap past the end', (image) => image.be64(size, 2 ** 40), OUTSIDE),
    field('sector past the end', (image) => image.u8(length + 1, 0b0000_0110), {
      safety: ['DATA_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
    field('version 3', (image) => image.be32(4, 3), {
      safety: ['PARENT_NEEDED'],
      guest: { closed: 'needs a backing file' },
    }),
  ]);

  it('has a bitmap of whole bytes, and data at the next sector', async () => {
    const sectors = (1536 - length) * 8 + 1;
    const image = patch(cowImage(layout))
      .be64(size, sectors * 512)
      .fill(2048, 2560, 0x33);
    expect((await openBytes(COW, image.bytes, 0, 512)).guest).toEqual(new Uint8Array(512).fill(0x33));
  });

  it('maps sectors by their bit, least significant first', async () => {
    const { guest, container } = await openBytes(COW, cowImage(layout), 0, 512 * 16);
    const expected = new Uint8Array(512 * 16).fill(0x11, 0, 512).fill(0x22, 512 * 9, 512 * 10);
    expect(guest).toEqual(expected);
    expect(container.virtualSize).toBe(1024 * 1024);
  });
});

describe.each(['WithoutFreeSpace', 'WithouFreSpacExt'] as const)('parallels, %s', (magic) => {
  run(PARALLELS, parallelsImage(magic), [
    field('open', (image) => image.le32(44, 0x746f_6e59), { safety: ['DIRTY'], guest: 'stale' }),
    field('written by a program that does not say', (image) => image.le32(44, 0), { safety: [], guest: 'read' }),
    field('format extension', (image) => image.le64(56, 128), { safety: [], guest: 'read' }),
    field('data behind the table', (image) => image.le32(48, 0), { safety: [], guest: 'read' }),
    field('no sectors in a cluster', (image) => image.le32(28, 0), MALFORMED),
    field('cluster beyond 2 GiB', (image) => image.le32(28, 4_186_134), MALFORMED),
    field('table too small', (image) => image.le32(32, 15), MALFORMED),
    field('table past the end', (image) => image.le32(32, 0x2_0000), {
      safety: ['TABLE_OUT_OF_BOUNDS'],
      guest: { closed: 'malformed header' },
    }),
    field('table of all ones', (image) => image.le32(32, 0xffff_ffff), {
      safety: ['OVERSIZED_TABLE', 'TABLE_OUT_OF_BOUNDS'],
      guest: OVERSIZED,
    }),
    field('table into the data', (image) => image.le32(48, 0).le32(48, 1).le32(32, 200), OUTSIDE),
    field('cluster past the end', (image) => image.le32(64, 1000), {
      safety: ['DATA_OUT_OF_BOUNDS'],
      guest: 'unreadable',
    }),
  ]);
});

describe('parallels', () => {
  it('has 32 bits of the size in the old format, 64 in the extended one', async () => {
    const change = (image: Buffer): Buffer => patch(image).le32(40, 1).bytes;
    const old = await openBytes(PARALLELS, change(parallelsImage('WithoutFreeSpace')));
    expect(old.container).toMatchObject({ virtualSize: 1024 * 1024, safety: [] });
    const extended = await openBytes(PARALLELS, change(parallelsImage('WithouFreSpacExt')));
    expect(extended.container.safety).toEqual(['MALFORMED_HEADER']);
  });

  it('has no cluster over the header or the table', async () => {
    const { bytes } = patch(parallelsImage('WithoutFreeSpace')).le32(48, 0).le32(32, 200).le32(64, 1);
    expect((await openBytes(PARALLELS, bytes)).container.safety).toEqual(['MALFORMED_HEADER']);
  });
});
