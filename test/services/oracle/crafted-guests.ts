import { patch, type Patchable } from '../../probe/containers/bytes.ts';

/** Raw bytes that the services' inspections tell apart, field by field: alone they are images, in containers guests. */

/** Long enough for the descriptor of an ISO, a multiple of the clusters that hold it. */
export const GUEST_LENGTH = 131_072;

function disk(): Patchable {
  return patch(GUEST_LENGTH);
}

interface Entry {
  readonly mark?: number;
  readonly chs?: readonly [number, number, number];
  readonly type?: number;
  readonly start?: number;
}

/** A partition entry into slot 0 to 3. */
function withEntry(image: Patchable, slot: number, entry: Entry): Patchable {
  const at = 446 + 16 * slot;
  const [head, sector, track] = entry.chs ?? [0x20, 0x21, 0];
  return image
    .u8(at, entry.mark ?? 0)
    .u8(at + 1, head)
    .u8(at + 2, sector)
    .u8(at + 3, track)
    .u8(at + 4, entry.type ?? 0x83)
    .le32(at + 8, entry.start ?? 2048)
    .le32(at + 12, 204_800);
}

/** An MBR with entries; bootable by its last two bytes. */
function mbr(...entries: readonly Entry[]): Patchable {
  return entries.reduce((image, entry, slot) => withEntry(image, slot, entry), signed(disk()));
}

function signed(image: Patchable): Patchable {
  return image.u8(510, 0x55).u8(511, 0xaa);
}

/** The protective entry of the UEFI specification, as sfdisk and sgdisk write it. */
const PROTECTIVE: Entry = { type: 0xee, chs: [0, 2, 0], start: 1 };

function withGptHeader(image: Patchable): Patchable {
  return image.text(512, 'EFI PART').le32(520, 0x1_0000).le32(524, 92).le64(536, 1);
}

/** A boot sector of FAT: how many tables, which medium. */
function fat(tables: number, medium: number, label: string): Patchable {
  return signed(disk().text(0, '\u00eb\u003c\u0090mkfs.fat').u8(12, 2).u8(13, 4).u8(16, tables).u8(21, medium))
    .u8(38, 0x29)
    .text(54, label);
}

function ext4(image: Patchable = disk()): Patchable {
  return image.le32(1024, 128).le32(1028, 128).u8(1080, 0x53).u8(1081, 0xef).le32(1100, 1);
}

function withDescriptor(image: Patchable, name: string): Patchable {
  return image.u8(32_768, 1).text(32_769, name).u8(32_774, 1);
}

/** A LUKS header that QEMU opens; version 2 begins like it and is read by nobody here. */
export function luks(version: number): Patchable {
  const image = disk()
    .text(0, 'LUKS\u00ba\u00be')
    .u8(7, version)
    .text(8, 'aes')
    .text(40, 'xts-plain64')
    .text(72, 'sha256')
    .be32(104, 4096)
    .be32(108, 32)
    .be32(164, 1000)
    .text(168, '01234567-89ab-cdef-0123-456789abcdef');
  for (let slot = 0; slot < 8; slot += 1) {
    const at = 208 + slot * 48;
    image
      .be32(at, slot === 0 ? 0x00ac_71f3 : 0x0000_dead)
      .be32(at + 4, 1000)
      .be32(at + 40, 8 + slot * 256)
      .be32(at + 44, 4000);
  }
  return image;
}

const PAGE = '<!DOCTYPE html>\n<html><head><title>No such image</title></head><body>\n';

function text(content: string, length: number): Patchable {
  return patch(Buffer.from(content.repeat(Math.ceil(length / content.length)).slice(0, length), 'latin1'));
}

const guests: Record<string, Patchable> = {
  zeros: disk(),
  // Master boot records.
  'mbr-linux': mbr({}),
  'mbr-linux-active': mbr({ mark: 0x80 }),
  'mbr-four': mbr({}, {}, {}, {}),
  'mbr-in-slot-3': mbr({ type: 0 }, { type: 0 }, { type: 0 }, {}),
  'mbr-no-entries': signed(disk()),
  'mbr-entry-of-type-0': mbr({ type: 0, mark: 0x80 }),
  'mbr-mark-01': mbr({ mark: 1 }),
  'mbr-mark-7f': mbr({ mark: 0x7f }),
  'mbr-mark-81': mbr({ mark: 0x81 }),
  'mbr-mark-ff': mbr({ mark: 0xff }),
  'mbr-mark-in-empty-slot': mbr({}, { type: 0, mark: 1 }),
  'mbr-mark-in-last-slot': mbr({}, {}, {}, { type: 0, mark: 2 }),
  'mbr-without-signature': mbr({}).u8(510, 0),
  'mbr-signature-turned': mbr({}).u8(510, 0xaa).u8(511, 0x55),
  'mbr-like-fat': mbr({}).u8(16, 2).u8(21, 0xf8),
  'mbr-like-fat-f0': mbr({}).u8(16, 2).u8(21, 0xf0),
  'mbr-like-fat-one-table': mbr({}).u8(16, 1).u8(21, 0xf8),
  // GUID partition tables.
  'gpt-sgdisk': withGptHeader(mbr(PROTECTIVE)),
  'gpt-active': withGptHeader(mbr({ ...PROTECTIVE, mark: 0x80 })),
  'gpt-no-header': mbr(PROTECTIVE),
  'gpt-parted': withGptHeader(mbr({ ...PROTECTIVE, chs: [0, 1, 0] })),
  'gpt-macos': withGptHeader(mbr({ ...PROTECTIVE, chs: [0xfe, 0xff, 0xff] })),
  'gpt-chs-head': withGptHeader(mbr({ ...PROTECTIVE, chs: [1, 2, 0] })),
  'gpt-chs-track': withGptHeader(mbr({ ...PROTECTIVE, chs: [0, 2, 1] })),
  'gpt-start-0': withGptHeader(mbr({ ...PROTECTIVE, start: 0 })),
  'gpt-start-2': withGptHeader(mbr({ ...PROTECTIVE, start: 2 })),
  'gpt-start-high': withGptHeader(mbr({ ...PROTECTIVE, start: 0x0100_0001 })),
  'gpt-hybrid': withGptHeader(mbr(PROTECTIVE, { type: 0x07 })),
  'gpt-in-slot-1': withGptHeader(mbr({ type: 0 }, PROTECTIVE)),
  'gpt-after-linux': withGptHeader(mbr({}, PROTECTIVE)),
  'gpt-twice': withGptHeader(mbr(PROTECTIVE, PROTECTIVE)),
  'gpt-empty-first-of-type-0': withGptHeader(mbr({ type: 0, chs: [9, 9, 9] }, { type: 0 })),
  'gpt-zeroed-mbr': withGptHeader(disk()),
  'gpt-4096': mbr(PROTECTIVE).text(4096, 'EFI PART'),
  // Filesystems.
  ntfs: signed(disk().text(0, '\u00ebR\u0090NTFS    ').u8(12, 2).u8(13, 8).u8(21, 0xf8)).fill(446, 470, 0x41),
  exfat: signed(disk().text(0, '\u00ebv\u0090EXFAT   ')).fill(120, 500, 0xf4),
  'fat16-f8': fat(2, 0xf8, 'FAT16   '),
  'fat32-f8': fat(2, 0xf8, 'FAT32   ').text(446, 'Remove disks'),
  'fat16-one-table': fat(1, 0xf8, 'FAT16   '),
  'fat16-three-tables': fat(3, 0xf8, 'FAT16   '),
  'fat12-floppy': fat(2, 0xf0, 'FAT12   '),
  'fat12-floppy-f9': fat(2, 0xf9, 'FAT12   '),
  ext4: ext4(),
  'ext4-extlinux': ext4(signed(disk().fill(3, 400, 0x90))),
  'ext4-grub-message': ext4(signed(disk().text(446, 'GRUB Geom Hard Disk Read Error'))),
  xfs: disk().text(0, 'XFSB').be32(4, 4096),
  btrfs: disk().text(65_600, '_BHRfS_M'),
  lvm: disk().text(512, 'LABELONE').text(536, 'LVM2 001'),
  swap: disk().text(4086, 'SWAPSPACE2'),
  squashfs: disk().text(0, 'hsqs').u8(28, 4),
  'boot-protocol-x86': signed(disk().text(0, 'MZ').text(514, 'HdrS').fill(446, 470, 0xe4)),
  'boot-protocol-arm64': disk().text(0, 'MZ').text(56, 'ARM\u0064'),
  // Archives and compressed data.
  gzip: disk().u8(0, 0x1f).u8(1, 0x8b).u8(2, 8).u8(9, 3),
  xz: disk().u8(0, 0xfd).text(1, '7zXZ'),
  zstd: disk().u8(0, 0x28).u8(1, 0xb5).u8(2, 0x2f).u8(3, 0xfd),
  cpio: disk().text(0, '070701'),
  tar: disk().text(0, 'disk.raw').text(257, 'ustar  '),
  // Optical discs.
  iso: withDescriptor(disk(), 'CD001'),
  'iso-nsr02': withDescriptor(disk(), 'NSR02'),
  'iso-nsr03': withDescriptor(disk(), 'NSR03'),
  'iso-nsr01': withDescriptor(disk(), 'NSR01'),
  'iso-second-sector': disk().text(34_817, 'CD001'),
  'udf-bea01': withDescriptor(disk(), 'BEA01').text(34_817, 'NSR02'),
  'iso-lower-case': withDescriptor(disk(), 'cd001'),
  'iso-any-type': withDescriptor(disk(), 'CD001').u8(32_768, 255),
  'iso-hybrid': withDescriptor(mbr({ type: 0x17, mark: 0x80, start: 64 }), 'CD001'),
  'iso-hybrid-gpt': withDescriptor(withGptHeader(mbr(PROTECTIVE)), 'CD001'),
  'iso-hybrid-odd': withDescriptor(withGptHeader(mbr({ type: 0, mark: 0x80 }, { ...PROTECTIVE, start: 3 })), 'CD001'),
  'iso-hybrid-empty': withDescriptor(signed(disk()), 'CD001'),
  'remains-on-ext4': withDescriptor(ext4(), 'CD001'),
  'remains-on-mbr': withDescriptor(mbr({}), 'CD001'),
  'remains-on-ntfs': withDescriptor(signed(disk().text(3, 'NTFS    ').u8(21, 0xf8)), 'CD001'),
  'remains-on-fat': withDescriptor(fat(2, 0xf8, 'FAT16   '), 'CD001'),
  'remains-on-luks1': withDescriptor(luks(1), 'CD001'),
  // Encryption.
  luks1: luks(1),
  luks2: luks(2),
  luks0: luks(0),
  luks3: luks(3),
  'luks1-with-boot-signature': signed(luks(1)),
  'luks2-backup-header': luks(2).text(0, 'SKUL\u00ba\u00be'),
  bitlocker: signed(disk().text(0, '\u00ebX\u0090-FVE-FS-').u8(21, 0xf8)).fill(446, 480, 0x65),
  // Text.
  page: text(PAGE, 9000),
  script: text('#!/bin/sh\necho hello\n', 3000),
  'script-with-payload-near': patch(9000).text(0, '#!/bin/sh\n'.repeat(100)).fill(1000, 9000, 0xd5),
  'script-with-payload-far': patch(9000).text(0, '#!/bin/sh\n'.repeat(500)).fill(5000, 9000, 0xd5),
  'page-utf8-at-1000': text(PAGE, 9000).u8(1000, 0xc3).u8(1001, 0xa4),
  'page-utf8-at-511': text(PAGE, 9000).u8(511, 0xc3).u8(512, 0xa4),
  'page-utf8-at-512': text(PAGE, 9000).u8(512, 0xc3).u8(513, 0xa4),
  'page-utf8-at-4095': text(PAGE, 9000).u8(4095, 0xc3),
  'page-utf8-at-4096': text(PAGE, 9000).u8(4096, 0xc3),
  'page-nul-then-utf8': text(PAGE, 9000).u8(700, 0).u8(701, 0xc3),
  'page-control-byte': text(PAGE, 9000).u8(100, 7),
  'page-escape-after-512': text(PAGE, 9000).u8(600, 27),
  'page-separator-1c': text(PAGE, 9000).u8(100, 0x1c),
  'page-separator-1f': text(PAGE, 9000).u8(100, 0x1f),
  'page-vertical-tab': text(PAGE, 9000).u8(100, 0x0b),
  'page-delete-7f': text(PAGE, 9000).u8(100, 0x7f),
  'page-byte-85': text(PAGE, 9000).u8(100, 0x85),
  'page-of-63': text(PAGE, 63),
  'page-of-64': text(PAGE, 64),
  'page-of-64-utf8': text(PAGE, 64).u8(60, 0xc3),
  'page-of-511': text(PAGE, 511),
  'page-of-512': text(PAGE, 512),
  'page-of-513-utf8': text(PAGE, 513).u8(512, 0xc3),
  'text-createtype': text('createType="monolithicFlat"\n', 2000),
  'text-createtype-upper': text('CREATETYPE="x"\n', 2000),
  'text-createtype-long': patch(Buffer.from(`createType="${'x'.repeat(64)}"\n`.padEnd(2000, '\n'))),
  'text-createtype-63': patch(Buffer.from(`createType="${'x'.repeat(63)}"\n`.padEnd(2000, '\n'))),
  'text-createtype-open': patch(Buffer.from(`createType="monolithicSparse\n`.padEnd(2000, '\n'))),
  'text-createtype-empty': patch(Buffer.from(`createType=""\n`.padEnd(2000, '\n'))),
  'text-createtype-at-3000': patch(Buffer.from('\n'.repeat(3000) + 'createType="x"\n' + '\n'.repeat(2000))),
  'text-createtype-over-4096': patch(Buffer.from('\n'.repeat(4090) + 'createType="x"\n' + '\n'.repeat(2000))),
  'text-createtype-at-5000': patch(Buffer.from('\n'.repeat(5000) + 'createType="x"\n' + '\n'.repeat(2000))),
  'text-createtype-behind-nul': patch(Buffer.from('\n'.repeat(600) + '\0createType="x"\n' + '\n'.repeat(2000))),
  'text-createtype-then-utf8': patch(Buffer.from('createType="x"\n'.repeat(60) + '\u00e4' + '\n'.repeat(2000))),
  'text-of-nothing-but-blanks': patch(Buffer.from('\n'.repeat(5000))),
  // Sizes.
  empty: patch(0),
  'one-byte': patch(1),
  'boot-signature-in-511': patch(signed(patch(512)).bytes.subarray(0, 511)),
  'boot-signature-in-512': signed(patch(512)),
  'boot-signature-in-513': signed(patch(513)),
  'boot-signature-in-1023': signed(patch(1023)),
  'boot-signature-in-1024': signed(patch(1024)),
  'mbr-in-512': patch(mbr({}).bytes.subarray(0, 512)),
  'mbr-in-1023': patch(mbr({}).bytes.subarray(0, 1023)),
  'mbr-in-1024': patch(mbr({}).bytes.subarray(0, 1024)),
  'gpt-in-1023': patch(mbr(PROTECTIVE).bytes.subarray(0, 1023)),
  'iso-in-32774': patch(withDescriptor(disk(), 'CD001').bytes.subarray(0, 32_774)),
  'iso-in-34815': patch(withDescriptor(disk(), 'CD001').bytes.subarray(0, 34_815)),
  'iso-in-34816': patch(withDescriptor(disk(), 'CD001').bytes.subarray(0, 34_816)),
  'luks1-in-591': patch(luks(1).bytes.subarray(0, 591)),
  'luks1-in-592': patch(luks(1).bytes.subarray(0, 592)),
  'luks2-in-591': patch(luks(2).bytes.subarray(0, 591)),
  'luks-signature-alone': patch(luks(1).bytes.subarray(0, 6)),
  'luks-signature-cut': patch(luks(1).bytes.subarray(0, 5)),
};

/** By name. */
export const CRAFTED_GUESTS: ReadonlyMap<string, Buffer> = new Map(
  Object.entries(guests).map(([name, { bytes }]) => [name, bytes]),
);
