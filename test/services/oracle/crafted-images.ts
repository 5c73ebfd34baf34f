import { cowImage, parallelsImage, patch, qcowImage, qedImage, type Patchable } from '../../probe/containers/bytes.ts';
import { footer } from '../../probe/containers/vhd-image.ts';
import {
  GUID,
  METADATA_REGION,
  TABLE_REGION,
  entry,
  metadata,
  regionTable,
  vhdxImage,
} from '../../probe/containers/vhdx-image.ts';
import {
  AT_END,
  cowdImage,
  descriptor,
  seSparseImage,
  sparseImage,
  streamImage,
} from '../../probe/containers/vmdk-image.ts';
import {
  dynamicVhdOf,
  fixedVhdOf,
  qcow2Of,
  sparseVmdkOf,
  streamVmdkOf,
  vdiOf,
  vhdxItems,
  vhdxOf,
} from './crafted-containers.ts';
import { CRAFTED_GUESTS, GUEST_LENGTH, luks } from './crafted-guests.ts';

/** Images that the services' inspections tell apart: the raw ones, the same inside containers, and damaged containers. */

function guest(name: string): Buffer {
  const bytes = CRAFTED_GUESTS.get(name);
  if (bytes === undefined) throw new Error(`no guest ${name}`);
  return bytes;
}

/** What qcow2 holds; every kind that some check behind the conversion refuses, and one that none refuses. */
const IN_QCOW2 = [
  'zeros',
  'mbr-linux',
  'mbr-no-entries',
  'mbr-mark-01',
  'mbr-like-fat',
  'gpt-sgdisk',
  'gpt-parted',
  'gpt-hybrid',
  'gpt-zeroed-mbr',
  'ntfs',
  'exfat',
  'fat16-f8',
  'fat16-one-table',
  'fat12-floppy',
  'ext4',
  'ext4-extlinux',
  'boot-protocol-x86',
  'iso',
  'iso-hybrid',
  'iso-hybrid-odd',
  'remains-on-ext4',
  'remains-on-luks1',
  'luks1',
  'luks2',
  'page',
  'page-utf8-at-1000',
  'page-utf8-at-4096',
  'text-createtype',
  'boot-signature-in-512',
  'mbr-in-512',
];

const IN_OTHERS = [
  'mbr-linux',
  'gpt-parted',
  'ntfs',
  'fat16-f8',
  'iso',
  'iso-hybrid',
  'luks1',
  'luks2',
  'page-utf8-at-1000',
];

const MAKERS = {
  vdi: vdiOf,
  vhdx: vhdxOf,
  'vmdk-sparse': sparseVmdkOf,
  'vmdk-stream': streamVmdkOf,
  'vhd-dynamic': dynamicVhdOf,
} as const;

/** A sound qcow2 of version 3 with a sound guest, to damage. */
function qcow2(version: 2 | 3 = 3): Patchable {
  return qcow2Of(guest('mbr-linux'), version);
}

/** A version 2 image whose first header extension has this length: bytes 76 to 79, feature bits in version 3. */
function withExtension(length: number): Patchable {
  return qcow2(2).be32(72, 0x6803_f857).be32(76, length);
}

function withFeature(bit: number): Patchable {
  return qcow2().be64(72, 1n << BigInt(bit));
}

/** The first bytes of an image. */
function cut(image: Patchable, length: number): Patchable {
  return patch(image.bytes.subarray(0, length));
}

function signed(image: Patchable): Patchable {
  return image.u8(510, 0x55).u8(511, 0xaa);
}

function descriptorFile(text: string, length = text.length): Patchable {
  return patch(length).text(0, text);
}

function sparse(text: string, size = 20n): Patchable {
  return patch(sparseImage({ descriptor: text, header: { descriptorSize: size } }));
}

function stream(...[image]: readonly [Partial<Parameters<typeof streamImage>[0]>]): Patchable {
  return patch(streamImage({ grains: [[0, Buffer.alloc(65_536, 0x11)]], ...image }));
}

function vhdx(image: Parameters<typeof vhdxImage>[0]): Patchable {
  return patch(
    vhdxImage({
      metadata: metadata(vhdxItems()),
      entries: { 0: entry(4, 6) },
      blocks: Buffer.alloc(1 << 20),
      ...image,
    }),
  );
}

const line = (text: string): string => descriptor({ more: [text] });

function containers(): Readonly<Record<string, Patchable>> {
  const features = Array.from(
    { length: 13 },
    (_none, bit) => [`qcow2-feature-${String(bit)}`, withFeature(bit)] as const,
  );
  const versions = [0, 1, 2, 4, 5].map(
    (version) => [`qcow2-version-${String(version)}`, qcow2().be32(4, version)] as const,
  );
  const extensions = [0, 1, 3, 4, 5, 8, 12, 0x10, 0x14, 0x100, 0x104].map(
    (length) => [`qcow2-v2-extension-${String(length)}`, withExtension(length)] as const,
  );
  return {
    ...Object.fromEntries([...features, ...versions, ...extensions]),
    'qcow2-v2': qcow2(2),
    'qcow2-feature-31': withFeature(31),
    'qcow2-feature-32': withFeature(32),
    'qcow2-feature-63': withFeature(63),
    'qcow2-features-0-and-1': qcow2().be64(72, 3),
    'qcow2-zstd': qcow2().be64(72, 8).be32(100, 112).u8(104, 1),
    'qcow2-v2-feature-0': qcow2(2).be64(72, 1),
    'qcow2-v2-feature-2': qcow2(2).be64(72, 4),
    'qcow2-v2-feature-4': qcow2(2).be64(72, 16),
    'qcow2-backing-file': qcow2().be64(8, 512).be32(16, 5).text(512, 'other'),
    'qcow2-backing-offset-alone': qcow2().be64(8, 512),
    'qcow2-backing-length-alone': qcow2().be32(16, 5),
    'qcow2-backing-offset-high': qcow2().be64(8, 1n << 40n),
    'qcow2-encryption-aes': qcow2().be32(32, 1),
    'qcow2-encryption-luks': qcow2().be32(32, 2),
    'qcow2-encryption-3': qcow2().be32(32, 3),
    'qcow2-boot-signature': signed(qcow2()),
    'qcow2-boot-signature-fat': signed(qcow2()).u8(16, 2).u8(21, 0xf8),
    'qcow2-iso-signature': qcow2().text(32_769, 'CD001'),
    'qcow2-iso-and-boot-signature': signed(qcow2()).text(32_769, 'CD001'),
    'qcow2-cluster-bits-8': qcow2().be32(20, 8),
    'qcow2-cluster-bits-22': qcow2().be32(20, 22),
    'qcow2-l1-too-small': qcow2().be64(24, 1n << 40n),
    'qcow2-refcount-order-7': qcow2().be32(96, 7),
    'qcow2-header-length-90': qcow2().be32(100, 90),
    'qcow2-cut-at-104': cut(qcow2(), 104),
    'qcow2-cut-at-511': cut(qcow2(), 511),
    'qcow2-cut-at-512': cut(qcow2(), 512),
    'qcow2-cut-in-guest': cut(qcow2(), 300_000),
    'qcow2-magic-alone': patch(512).text(0, 'QFI\u00fb'),
    'qcow2-magic-alone-short': patch(4).text(0, 'QFI\u00fb'),
    'qcow2-of-qcow2': qcow2Of(qcow2().bytes),
    'qcow2-of-vdi': qcow2Of(vdiOf(guest('mbr-linux')).bytes),
    'qcow2-of-vmdk': qcow2Of(sparseVmdkOf(guest('mbr-linux')).bytes),
    'qcow2-of-vmdk-text': qcow2Of(descriptorFile(descriptor(), 65_536).bytes),
    'qcow2-of-vhdx': qcow2Of(vhdxOf(guest('mbr-linux')).bytes),
    'qcow2-of-vhd-dynamic': qcow2Of(dynamicVhdOf(guest('mbr-linux')).bytes),
    'qcow2-of-vhd-fixed': qcow2Of(fixedVhdOf(guest('mbr-linux')).bytes),
    'qcow2-of-qed': qcow2Of(qedImage()),
    'qcow2-of-qcow': qcow2Of(qcowImage()),
    'qcow2-of-parallels': qcow2Of(parallelsImage('WithouFreSpacExt')),
    'vdi-of-qcow2': vdiOf(qcow2().bytes),
    'vdi-of-parallels': vdiOf(parallelsImage('WithoutFreeSpace')),
    'vhdx-of-qcow2': vhdxOf(qcow2().bytes),
    'vmdk-of-qcow2': sparseVmdkOf(qcow2().bytes),
    qcow: patch(qcowImage()),
    'qcow-with-backing-file': patch(qcowImage()).be64(8, 512).be32(16, 5).text(512, 'other'),
    qed: patch(qedImage()),
    'qed-cut-at-511': cut(patch(qedImage()), 511),
    'qed-boot-signature': signed(patch(qedImage())),
    'qed-short-signature': patch(512).text(0, 'QED'),
    parallels: patch(parallelsImage('WithoutFreeSpace')),
    'parallels-ext': patch(parallelsImage('WithouFreSpacExt')),
    'parallels-boot-signature': signed(patch(parallelsImage('WithouFreSpacExt'))),
    'parallels-version-3': patch(parallelsImage('WithoutFreeSpace')).le32(16, 3),
    cow: patch(cowImage('x86-64')),
    bochs: patch(8192)
      .text(0, 'Bochs Virtual HD Image')
      .text(32, 'Redolog')
      .text(48, 'Growing')
      .le32(64, 0x2_0000)
      .le32(68, 512),
    cloop: patch(8192).text(
      0,
      '#!/bin/sh\n#V2.0 Format\nmodprobe cloop file=$0 && mount -r -t iso9660 /dev/cloop $1\n',
    ),
    'cloop-utf8': patch(8192)
      .text(0, '#!/bin/sh\n#V2.0 Format\nmodprobe cloop file=$0 && mount -r -t iso9660 /dev/cloop $1\n')
      .fill(600, 4096, 0xc3),
    udif: patch(8192).text(7680, 'koly').be32(7684, 4).be32(7688, 512),
    // VDI.
    'vdi-boot-signature': signed(vdiOf(guest('mbr-linux'))),
    'vdi-boot-signature-fat': signed(vdiOf(guest('mbr-linux')))
      .u8(16, 2)
      .u8(21, 0xf8),
    'vdi-cut-at-511': cut(vdiOf(guest('mbr-linux')), 511),
    'vdi-cut-at-512': cut(vdiOf(guest('mbr-linux')), 512),
    'vdi-version-2': vdiOf(guest('mbr-linux')).le32(68, 0x2_0000),
    'vdi-differencing': vdiOf(guest('mbr-linux')).le32(76, 4),
    'vdi-fixed': vdiOf(guest('mbr-linux')).le32(76, 2),
    'vdi-block-size': vdiOf(guest('mbr-linux')).le32(376, 65_536),
    'vdi-too-large': vdiOf(guest('mbr-linux')).le64(368, 1n << 60n),
    'vdi-parent-uuid': vdiOf(guest('mbr-linux')).fill(440, 456, 7),
    'vdi-signature-alone': patch(512).le32(64, 0xbeda_107f),
    'vdi-other-text': vdiOf(guest('mbr-linux')).fill(0, 64, 0x20),
    // VHD.
    'vhd-fixed-mbr': fixedVhdOf(guest('mbr-linux')),
    'vhd-fixed-parted': fixedVhdOf(guest('gpt-parted')),
    'vhd-fixed-ntfs': fixedVhdOf(guest('ntfs')),
    'vhd-fixed-ext4': fixedVhdOf(guest('ext4')),
    'vhd-fixed-iso': fixedVhdOf(guest('iso')),
    'vhd-fixed-zeros': fixedVhdOf(guest('zeros')),
    'vhd-boot-signature': signed(dynamicVhdOf(guest('mbr-linux'))),
    'vhd-iso-signature': dynamicVhdOf(guest('mbr-linux')).text(32_769, 'CD001'),
    'vhd-differencing': patch(Buffer.concat([footer({ type: 4 }), Buffer.alloc(4096)])),
    'vhd-footer-alone': patch(footer({ type: 2, dataOffset: 2n ** 64n - 1n })),
    'vhd-signature-alone': patch(512).text(0, 'conectix'),
    'vhd-signature-in-511': patch(511).text(0, 'conectix'),
    'vhd-signature-in-8': patch(8).text(0, 'conectix'),
    'vhd-signature-in-7': patch(7).text(0, 'conecti'),
    // VHDX.
    'vhdx-boot-signature': signed(vhdxOf(guest('mbr-linux'))),
    'vhdx-cut-in-header': cut(vhdxOf(guest('mbr-linux')), 200_000),
    'vhdx-cut-behind-header': cut(vhdxOf(guest('mbr-linux')), 262_144),
    'vhdx-cut-in-metadata': cut(vhdxOf(guest('mbr-linux')), 2 * (1 << 20) + 40),
    'vhdx-cut-before-size': cut(vhdxOf(guest('mbr-linux')), 2 * (1 << 20) + 65_536 + 64),
    'vhdx-cut-behind-size': cut(vhdxOf(guest('mbr-linux')), 2 * (1 << 20) + 65_536 + 72),
    'vhdx-signature-alone': patch(4096).text(0, 'vhdxfile'),
    'vhdx-signature-in-8': patch(8).text(0, 'vhdxfile'),
    'vhdx-signature-in-7': patch(7).text(0, 'vhdxfil'),
    'vhdx-no-region-table': vhdxOf(guest('mbr-linux')).fill(196_608, 196_612, 0),
    'vhdx-region-count-2048': vhdxOf(guest('mbr-linux')).le32(196_616, 2048),
    'vhdx-region-count-0': vhdxOf(guest('mbr-linux')).le32(196_616, 0),
    'vhdx-second-table-broken': vhdxOf(guest('mbr-linux')).fill(262_144, 262_148, 0),
    'vhdx-no-metadata-region': vhdx({ regions: [regionTable([TABLE_REGION]), regionTable([TABLE_REGION])] }),
    'vhdx-metadata-first': vhdx({
      regions: [regionTable([METADATA_REGION, TABLE_REGION]), regionTable([METADATA_REGION, TABLE_REGION])],
    }),
    'vhdx-metadata-signature': vhdxOf(guest('mbr-linux')).fill(2 << 20, (2 << 20) + 8, 0x41),
    'vhdx-no-size-item': vhdx({ metadata: metadata(vhdxItems().filter(({ guid }) => guid !== GUID.diskSize)) }),
    'vhdx-metadata-before-table': vhdx({
      regions: [
        regionTable([{ ...METADATA_REGION, offset: 65_536n }, TABLE_REGION]),
        regionTable([{ ...METADATA_REGION, offset: 65_536n }, TABLE_REGION]),
      ],
    }),
    'vhdx-metadata-past-end': vhdx({
      regions: [
        regionTable([{ ...METADATA_REGION, offset: 1n << 40n }, TABLE_REGION]),
        regionTable([{ ...METADATA_REGION, offset: 1n << 40n }, TABLE_REGION]),
      ],
    }),
    'vhdx-item-count-2048': vhdxOf(guest('mbr-linux')).le32((2 << 20) + 8, 2048 << 16),
    'vhdx-header-broken': vhdxOf(guest('mbr-linux')).fill(65_536, 65_540, 0).fill(131_072, 131_076, 0),
    // VMDK with a sparse header.
    'vmdk-boot-signature': signed(sparseVmdkOf(guest('mbr-linux'))),
    'vmdk-version-2': sparseVmdkOf(guest('mbr-linux')).le32(4, 2),
    'vmdk-version-3': sparseVmdkOf(guest('mbr-linux')).le32(4, 3),
    'vmdk-version-4': sparseVmdkOf(guest('mbr-linux')).le32(4, 4),
    'vmdk-version-0': sparseVmdkOf(guest('mbr-linux')).le32(4, 0),
    'vmdk-descriptor-at-0': sparseVmdkOf(guest('mbr-linux')).le64(28, 0),
    'vmdk-descriptor-at-2': sparseVmdkOf(guest('mbr-linux')).le64(28, 2),
    'vmdk-descriptor-size-0': sparseVmdkOf(guest('mbr-linux')).le64(36, 0),
    'vmdk-descriptor-size-1': sparseVmdkOf(guest('mbr-linux')).le64(36, 1),
    'vmdk-descriptor-size-2047': sparseVmdkOf(guest('mbr-linux')).le64(36, 2047),
    'vmdk-descriptor-past-end': cut(sparseVmdkOf(guest('mbr-linux')), 4096),
    'vmdk-cut-at-63': cut(sparseVmdkOf(guest('mbr-linux')), 63),
    'vmdk-cut-at-64': cut(sparseVmdkOf(guest('mbr-linux')), 64),
    'vmdk-cut-at-512': cut(sparseVmdkOf(guest('mbr-linux')), 512),
    'vmdk-signature-alone': patch(512).text(0, 'KDMV'),
    'vmdk-signature-in-4': patch(4).text(0, 'KDMV'),
    'vmdk-extent-without-descriptor': sparse('', 0n).le64(28, 0),
    'vmdk-type-flat': sparse(descriptor({ createType: 'monolithicFlat' })),
    'vmdk-type-upper': sparse(descriptor({ createType: 'MONOLITHICSPARSE' })),
    'vmdk-type-lower': sparse(descriptor({ createType: 'monolithicsparse' })),
    'vmdk-type-stream-without-footer': sparse(descriptor({ createType: 'streamOptimized' })),
    'vmdk-type-two-gb': sparse(descriptor({ createType: 'twoGbMaxExtentSparse' })),
    'vmdk-type-long': sparse(descriptor({ createType: 'x'.repeat(64) })),
    'vmdk-type-missing': sparse(descriptor().replace(/createType=.*\n/u, '')),
    'vmdk-type-spaced': sparse(descriptor().replace('createType=', 'createType = ')),
    'vmdk-type-twice': sparse(line('createType="monolithicFlat"')),
    'vmdk-line-odd': sparse(line('something else')),
    'vmdk-line-of-one-word': sparse(line('word')),
    'vmdk-line-spaced-equals': sparse(line('a = b')),
    'vmdk-line-comment': sparse(line('# a comment')),
    'vmdk-line-ddb-odd': sparse(line('ddbsomething / odd')),
    'vmdk-line-not-ascii': sparse(line('name="\u00e4"')),
    'vmdk-line-not-ascii-behind-nul': sparse(`${descriptor()}\0\0\u00e4`),
    'vmdk-line-carriage-return': sparse(descriptor().replaceAll('\n', '\r\n')),
    'vmdk-line-bare-carriage-return': sparse(descriptor().replaceAll('\n', '\r')),
    'vmdk-line-form-feed': sparse(line('\f# comment')),
    'vmdk-extent-path': sparse(descriptor({ extents: ['RW 2048 SPARSE "/etc/passwd"'] })),
    'vmdk-extent-relative-path': sparse(descriptor({ extents: ['RW 2048 SPARSE "a/b.vmdk"'] })),
    'vmdk-extent-backslash': sparse(descriptor({ extents: ['RW 2048 SPARSE "a\\b.vmdk"'] })),
    'vmdk-extent-none': sparse(descriptor({ extents: ['# none'] })),
    'vmdk-extent-rdonly': sparse(descriptor({ extents: ['RDONLY 2048 SPARSE "disk.vmdk"'] })),
    'vmdk-extent-noaccess': sparse(descriptor({ extents: ['NOACCESS 2048 ZERO'] })),
    'vmdk-extent-tab': sparse(descriptor({ extents: ['RW\t2048 SPARSE "disk.vmdk"'] })),
    'vmdk-extent-with-equals': sparse(descriptor({ extents: ['RW=2048 SPARSE "/etc/passwd"'] })),
    'vmdk-extent-indented': sparse(descriptor({ extents: ['  RW 2048 SPARSE "disk.vmdk"'] })),
    'vmdk-parent': sparse(descriptor({ parentCid: '12345678', more: ['parentFileNameHint="base.vmdk"'] })),
    'vmdk-empty-descriptor': sparse(''),
    // VMDK with a footer.
    'vmdk-footer-none': stream({ footer: null }),
    'vmdk-footer-version': stream({ footer: { version: 2 } }),
    'vmdk-footer-descriptor-place': stream({ footer: { descriptorOffset: 2n } }),
    'vmdk-footer-descriptor-size': stream({ footer: { descriptorSize: 19n } }),
    'vmdk-footer-points-to-footer': stream({ footer: { directory: AT_END } }),
    'vmdk-footer-magic': stream({ footer: { magic: 'COWD' } }),
    'vmdk-footer-then-zeros': patch(Buffer.concat([stream({}).bytes, Buffer.alloc(512)])),
    'vmdk-footer-cut': cut(stream({}), stream({}).bytes.length - 1),
    'vmdk-footer-marker-type': stream({}).u8(stream({}).bytes.length - 1536 + 12, 2),
    'vmdk-footer-marker-size': stream({}).u8(stream({}).bytes.length - 1536 + 8, 1),
    'vmdk-footer-marker-padding': stream({}).u8(stream({}).bytes.length - 1536 + 500, 1),
    'vmdk-footer-end-marker': stream({}).u8(stream({}).bytes.length - 100, 1),
    'vmdk-footer-flat-type': stream({ descriptor: descriptor({ createType: 'monolithicFlat' }) }),
    // VMDK descriptors alone.
    'vmdk-text-flat': descriptorFile(
      descriptor({ createType: 'monolithicFlat', extents: ['RW 2048 FLAT "disk-flat.vmdk" 0'] }),
    ),
    'vmdk-text-flat-padded': descriptorFile(
      descriptor({ createType: 'monolithicFlat', extents: ['RW 2048 FLAT "disk-flat.vmdk" 0'] }),
      10_240,
    ),
    'vmdk-text-sparse': descriptorFile(descriptor()),
    'vmdk-text-sparse-long': descriptorFile(
      descriptor({ more: Array.from({ length: 40 }, () => '# a line of comment') }),
    ),
    'vmdk-text-sparse-path': descriptorFile(descriptor({ extents: ['RW 2048 SPARSE "/dev/sda"'] })),
    'vmdk-text-version-1': descriptorFile('version=1\ncreateType="monolithicFlat"\n'.padEnd(600, '\n')),
    'vmdk-text-comment-first': descriptorFile('# Disk DescriptorFile\n'.padEnd(600, '\n')),
    'vmdk-text-comment-upper': descriptorFile('# DISK DESCRIPTORFILE\nversion=1\n'.padEnd(600, '\n')),
    'vmdk-text-version-3': descriptorFile('# comment\n\nversion=3\n'.padEnd(600, '\n')),
    'vmdk-text-version-1-padded': descriptorFile('# comment\nversion=1\n', 4096),
    'vmdk-text-version-2-padded': descriptorFile('  \r\n#x\r\nversion=2\r\n', 4096),
    'vmdk-text-version-4-padded': descriptorFile('# comment\nversion=4\n', 4096),
    'vmdk-text-other-first-padded': descriptorFile('name=1\nversion=1\n', 4096),
    'vmdk-text-short': descriptorFile('version=1\n'),
    'vmdk-cowd': patch(cowdImage({ here: [0] }, Buffer.alloc(512, 1))),
    'vmdk-cowd-boot-signature': signed(patch(cowdImage({ here: [0] }, Buffer.alloc(512, 1)))),
    'vmdk-cowd-signature-alone': patch(2048).text(0, 'COWD'),
    'vmdk-sesparse': patch(seSparseImage({ entries: [] }, Buffer.alloc(512))),
    // Two signatures in one.
    'luks1-and-vdi': luks(1).le32(64, 0xbeda_107f),
    'ext4-and-vdi': patch(guest('ext4')).le32(64, 0xbeda_107f),
    'mbr-and-vdi': patch(guest('mbr-linux')).le32(64, 0xbeda_107f),
    'fat-and-vdi': patch(guest('fat16-f8')).le32(64, 0xbeda_107f),
    'iso-and-vdi': patch(guest('iso')).le32(64, 0xbeda_107f),
    'vhd-and-vdi': dynamicVhdOf(guest('mbr-linux')).le32(64, 0xbeda_107f),
    'iso-and-luks2': luks(2).text(32_769, 'CD001'),
    'vmdk-and-iso': sparseVmdkOf(guest('mbr-linux')).text(32_769, 'CD001'),
    'page-and-iso': patch(Buffer.concat([guest('page'), Buffer.alloc(GUEST_LENGTH - 9000, '\n')])).text(
      32_769,
      'CD001',
    ),
    'text-createtype-and-boot-signature': patch(Buffer.from('createType="x"\n'.padEnd(2000, '\n')))
      .u8(510, 0x55)
      .u8(511, 0xaa),
  };
}

/** Every crafted image by its name. */
export function craftedImages(): ReadonlyMap<string, Buffer> {
  const images = new Map<string, Buffer>(CRAFTED_GUESTS);
  for (const name of IN_QCOW2) images.set(`qcow2-of-${name}`, qcow2Of(guest(name)).bytes);
  for (const [format, make] of Object.entries(MAKERS)) {
    for (const name of IN_OTHERS) images.set(`${format}-of-${name}`, make(guest(name)).bytes);
  }
  for (const [name, { bytes }] of Object.entries(containers())) images.set(name, bytes);
  return images;
}

/** The words of Glance's default list, those that need configuration, one that is banned, and one of a site's own. */
export const WORDS = [
  'raw',
  'qcow2',
  'vhd',
  'vhdx',
  'vmdk',
  'vdi',
  'iso',
  'gpt',
  'luks',
  'ploop',
  'ami',
  'aki',
  'ari',
  'qed',
  'acme',
] as const;
