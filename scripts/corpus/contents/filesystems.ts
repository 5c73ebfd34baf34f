import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { assemble, be16, be32, noise } from '../bytes.ts';
import { SURE_OR_LIKELY, typed } from '../label.ts';
import { material, type Recipe, sample } from '../recipe.ts';
import { digHoles, patch, sparse } from '../workshop.ts';

const MIB = 1024 * 1024;
const UUID = '11111111-2222-4333-8444-555555555555';

interface Formatter {
  readonly name: string;
  readonly mib: number;
  readonly command: readonly [string, ...string[]];
  /** A 16-bit magic with its structure in order. */
  readonly shortMagic?: true;
  /** 55 AA at 510 and no partition table, which the inspector of Nova refuses. */
  readonly refused?: true;
}

/** Programs that format a file given as their last argument. */
const FORMATTERS: readonly Formatter[] = [
  { name: 'ext2', mib: 16, command: ['mke2fs', '-q', '-F', '-t', 'ext2', '-U', UUID] },
  { name: 'ext2-1k', mib: 8, command: ['mke2fs', '-q', '-F', '-t', 'ext2', '-b', '1024', '-U', UUID] },
  { name: 'ext2-revision-0', mib: 8, command: ['mke2fs', '-q', '-F', '-t', 'ext2', '-r', '0'] },
  { name: 'ext3', mib: 16, command: ['mke2fs', '-q', '-F', '-t', 'ext3', '-U', UUID] },
  { name: 'ext4', mib: 64, command: ['mke2fs', '-q', '-F', '-t', 'ext4', '-U', UUID] },
  { name: 'ext4-1k', mib: 16, command: ['mke2fs', '-q', '-F', '-t', 'ext4', '-b', '1024', '-U', UUID] },
  { name: 'ext4-64k', mib: 64, command: ['mke2fs', '-q', '-F', '-t', 'ext4', '-b', '65536', '-U', UUID] },
  { name: 'ext4-no-csum', mib: 16, command: ['mke2fs', '-q', '-F', '-t', 'ext4', '-O', '^metadata_csum', '-U', UUID] },
  { name: 'xfs', mib: 320, command: ['mkfs.xfs', '-q', '-f', '-m', `uuid=${UUID}`] },
  { name: 'xfs-v4', mib: 320, command: ['mkfs.xfs', '-q', '-f', '-m', 'crc=0'] },
  { name: 'btrfs', mib: 128, command: ['mkfs.btrfs', '-q', '-f', '-U', UUID] },
  { name: 'jfs', mib: 32, command: ['mkfs.jfs', '-q', '-f'] },
  { name: 'f2fs', mib: 64, command: ['mkfs.f2fs', '-q', '-f'] },
  { name: 'reiserfs', mib: 64, command: ['mkreiserfs', '-q', '-ff', '-u', UUID] },
  { name: 'ntfs', mib: 32, command: ['mkfs.ntfs', '-q', '-Q', '-F'], refused: true },
  { name: 'ntfs-4k-sectors', mib: 32, command: ['mkfs.ntfs', '-q', '-Q', '-F', '-s', '4096'], refused: true },
  { name: 'fat12', mib: 4, command: ['mkfs.fat', '-F', '12'] },
  { name: 'fat16', mib: 32, command: ['mkfs.fat', '-F', '16'] },
  { name: 'fat32', mib: 64, command: ['mkfs.fat', '-F', '32'] },
  { name: 'fat16-4k-sectors', mib: 64, command: ['mkfs.fat', '-S', '4096', '-F', '16'] },
  // A partition entry that covers the volume itself, for firmware that wants one.
  { name: 'fat-mbr', mib: 64, command: ['mkfs.fat', '--mbr=y', '-F', '32'] },
  { name: 'exfat', mib: 32, command: ['mkfs.exfat'], refused: true },
  { name: 'minix1', mib: 8, command: ['mkfs.minix', '-1'], shortMagic: true },
  { name: 'minix2', mib: 8, command: ['mkfs.minix', '-2'], shortMagic: true },
  { name: 'minix3', mib: 8, command: ['mkfs.minix', '-3'], shortMagic: true },
  { name: 'nilfs2', mib: 136, command: ['mkfs.nilfs2', '-q', '-f'], shortMagic: true },
];

function formatted({ name, mib, command, shortMagic, refused }: Formatter): Recipe {
  const label = typed('filesystem', {
    ...(shortMagic === undefined ? { confidences: SURE_OR_LIKELY } : {}),
    ...(refused === undefined ? {} : { mustHaveSafety: ['BOOT_SECTOR_REFUSED'] }),
  });
  return sample(`filesystems/${name}.img`, label, [], async (shop, file) => {
    await sparse(file, mib * MIB);
    const [program, ...arguments_] = command;
    await shop.run(program, [...arguments_, file]);
    await digHoles(shop, file);
  });
}

const sure = typed('filesystem', { confidences: SURE_OR_LIKELY });
/** 55 AA without a partition, which the inspector of Nova takes for a faulty partition table. */
const refusedBootSector: typeof sure = { ...sure, mustHaveSafety: ['BOOT_SECTOR_REFUSED'] };

/** Programs that make a file system of a folder. */
const FROM_FOLDER: readonly (readonly [string, (folder: string, file: string) => readonly [string, ...string[]]])[] = [
  ['cramfs', (folder, file) => ['mkfs.cramfs', folder, file]],
  ['cramfs-big-endian', (folder, file) => ['mkfs.cramfs', '-N', 'big', folder, file]],
  ['romfs', (folder, file) => ['genromfs', '-d', folder, '-f', file]],
  ['squashfs', (folder, file) => ['mksquashfs', folder, file, '-noappend', '-quiet', '-no-progress']],
  [
    'squashfs-zstd',
    (folder, file) => ['mksquashfs', folder, file, '-noappend', '-quiet', '-no-progress', '-comp', 'zstd'],
  ],
  ['erofs', (folder, file) => ['mkfs.erofs', file, folder]],
];

/** A small root file system: what goes into images of file systems, archives and initrds. */
export const ROOT_FOLDER = 'materials/root';

export const filesystems: readonly Recipe[] = [
  material(ROOT_FOLDER, [], async (_shop, folder) => {
    for (const name of ['bin', 'dev', 'etc', 'proc', 'sbin', 'usr/bin', 'var/log']) {
      await mkdir(path.join(folder, name), { recursive: true });
    }
    await writeFile(path.join(folder, 'bin/sh'), noise(200_000, 1), { mode: 0o755 });
    await writeFile(path.join(folder, 'init'), '#!/bin/sh\nexec /bin/sh\n', { mode: 0o755 });
    await writeFile(path.join(folder, 'etc/hostname'), 'sample\n');
    await writeFile(path.join(folder, 'usr/bin/program'), noise(300_000, 2), { mode: 0o755 });
    await writeFile(path.join(folder, 'var/log/messages'), 'the same line again\n'.repeat(20_000));
  }),
  ...FORMATTERS.map(formatted),
  ...FROM_FOLDER.map(([name, command]) =>
    sample(`filesystems/${name}.img`, sure, [ROOT_FOLDER], async (shop, file) => {
      const [program, ...arguments_] = command(shop.path(ROOT_FOLDER), file);
      await shop.run(program, arguments_);
    }),
  ),
  sample('filesystems/ext4-filled.img', sure, [ROOT_FOLDER], async (shop, file) => {
    await sparse(file, 16 * MIB);
    await shop.run('mke2fs', ['-q', '-F', '-t', 'ext4', '-d', shop.path(ROOT_FOLDER), file]);
  }),
  // A floppy of 1440 KiB has media byte F0, which some readers do not expect.
  sample('filesystems/fat12-floppy.img', refusedBootSector, [], async (shop, file) => {
    await sparse(file, 1440 * 1024);
    await shop.run('mkfs.fat', ['-F', '12', file]);
  }),
  sample('filesystems/udf.img', typed('filesystem'), [], async (shop, file) => {
    await sparse(file, 16 * MIB);
    await shop.run('mkudffs', ['--media-type=hd', '--blocksize=512', file]);
  }),
  // On blocks of this size it may be a disc as well.
  sample(
    'filesystems/udf-2k.img',
    typed('filesystem', { confidences: ['likely'], alsoReadAs: ['iso9660'] }),
    [],
    async (shop, file) => {
      await sparse(file, 16 * MIB);
      await shop.run('mkudffs', ['--media-type=dvd', '--blocksize=2048', file]);
    },
  ),
  // extlinux puts a boot sector before an ext file system: a signature, but no partition.
  sample('filesystems/ext4-boot-sector.img', refusedBootSector, ['filesystems/ext4.img'], async (shop, file) => {
    await shop.copy('filesystems/ext4.img', file);
    await patch(file, [
      [0, '\xEB\x58\x90EXTLINUX'],
      [0x5a, noise(300, 3)],
      [510, '\x55\xAA'],
    ]);
  }),
  // File data may hold any magic: an ISO descriptor 32 KiB into an XFS volume is only that.
  sample('filesystems/xfs-cd001.img', sure, ['filesystems/xfs.img'], async (shop, file) => {
    await shop.copy('filesystems/xfs.img', file);
    await patch(file, [[32_768, '\x01CD001\x01']]);
  }),
  // A whole descriptor as file data: but the root directory that it names is not there.
  sample('filesystems/xfs-iso-descriptor.img', sure, ['filesystems/xfs.img', 'optical/iso.iso'], async (shop, file) => {
    await shop.copy('filesystems/xfs.img', file);
    await patch(file, [
      [32_768, (await shop.read('optical/iso.iso')).subarray(32_768, 34_816)],
      [34_816, '\xFFCD001\x01'],
    ]);
  }),
  // The program that makes HFS+ is not in every Debian: the volume header by hand (Apple TN1150).
  sample('filesystems/hfsplus.img', typed('filesystem'), [], async (_shop, file) => {
    await sparse(file, 16 * MIB);
    const header = assemble(512, [
      [0, 'H+'],
      [2, be16(4)],
      [4, be32(0x100)],
      [8, '10.0'],
      [40, be32(4096)],
      [44, be32(4096)],
      [48, be32(4000)],
      [64, be32(16)],
    ]);
    await patch(file, [
      [1024, header],
      [16 * MIB - 1024, header],
    ]);
  }),
];
