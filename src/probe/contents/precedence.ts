import { androidBoot } from './android-boot.ts';
import { cpioBinary, cpioOdc, cpioRamdisk } from './cpio.ts';
import { deviceTree } from './device-tree.ts';
import { aixLabel, amigaLabel, appleMap, atariLabel, bsdLabel, pc98Table, sgiLabel, sunLabel } from './disk-labels.ts';
import { elfKernel } from './elf-kernel.ts';
import { ext } from './ext.ts';
import { fat } from './fat.ts';
import { FLASH_FILESYSTEMS, ubi } from './flash-filesystems.ts';
import { arm64Image, armZImage, riscvImage, s390Image } from './flat-kernels.ts';
import { FOREIGN_FILESYSTEMS } from './foreign-filesystems.ts';
import { guidPartitionTable, unprotectedGuidPartitionTable } from './guid-partition-table.ts';
import { IMAGE_FILESYSTEMS } from './image-filesystems.ts';
import { LINUX_FILESYSTEMS } from './linux-filesystems.ts';
import { masterBootRecord } from './master-boot-record.ts';
import { dasdLabel, zvmImage } from './mainframe-disks.ts';
import { mdRaid } from './md-raid.ts';
import { multibootKernel } from './multiboot.ts';
import { highSierra, iso9660, udf } from './optical.ts';
import { efiZboot, linuxPortableExecutable, unifiedKernelImage } from './portable-executable.ts';
import { highPoint37x } from './raid-members.ts';
import type { Recogniser } from './sighting.ts';
import { recogniserOf } from './superblock.ts';
import { swap } from './swap.ts';
import { uBootImage } from './u-boot-image.ts';
import { UNIX_FILESYSTEMS } from './unix-filesystems.ts';
import { hfs, minix } from './weak-filesystems.ts';
import { bcache, luks, lvm2, mappedDevice, partOfSomething } from './whole-volumes.ts';
import { bitLocker, exfat, ntfs } from './windows-volumes.ts';
import { x86Kernel } from './x86-kernel.ts';

/**
 * The order in which readings of the same bytes count: what leaves the least to chance first.
 * - `file`: kernels, ramdisks and what else begins with its own header; only one of them can stand at 0.
 * - `boot-sector`: volumes whose first sector would pass for one of a partitioned disk.
 * - `last-resort`: 16-bit magics and leftovers, which never contend with anything.
 */
export const TIERS = [
  'file',
  'optical',
  'gpt',
  'label',
  'whole-volume',
  'boot-sector',
  'mbr',
  'superblock',
  'last-resort',
] as const;
export type Tier = (typeof TIERS)[number];

const FILESYSTEMS = [
  ...LINUX_FILESYSTEMS,
  ...IMAGE_FILESYSTEMS,
  ...FLASH_FILESYSTEMS,
  ...FOREIGN_FILESYSTEMS,
  ...UNIX_FILESYSTEMS,
];

export const RECOGNISERS: Readonly<Record<Tier, readonly Recogniser[]>> = {
  file: [
    x86Kernel,
    efiZboot,
    unifiedKernelImage,
    arm64Image,
    riscvImage,
    linuxPortableExecutable,
    armZImage,
    s390Image,
    uBootImage,
    deviceTree,
    androidBoot,
    elfKernel,
    cpioRamdisk,
    cpioOdc,
    zvmImage,
  ],
  optical: [iso9660, highSierra],
  gpt: [guidPartitionTable],
  label: [appleMap, bsdLabel, sunLabel, sgiLabel, dasdLabel, aixLabel, atariLabel, amigaLabel, pc98Table],
  'whole-volume': [luks, lvm2, mdRaid, swap, bcache, mappedDevice, ubi, partOfSomething],
  'boot-sector': [bitLocker, ntfs, exfat, fat],
  mbr: [masterBootRecord],
  superblock: [ext, ...FILESYSTEMS.map(recogniserOf), udf],
  'last-resort': [unprotectedGuidPartitionTable, multibootKernel, minix, hfs, highPoint37x, cpioBinary],
};

/**
 * Which other tiers contend with a winner, so that no type is chosen. What is not listed is a leftover or belongs to the winner:
 * - `optical`: partition tables make a hybrid disc where one partition has a place in the disc, HFS and UDF make a
 *   bridge;
 * - `gpt`: its entries cover the superblocks up to 17 KiB, and those further on outlive a new table: leftovers. With
 *   entries that were not verified they contend;
 * - `label`: the first partition usually begins at sector 0, so its superblock or swap signature is where that of a
 *   volume would be. A superblock that no partition has room for contends;
 * - `whole-volume`: RAID and LVM do not wipe the superblocks of what was there before; swap is told apart in `contends`.
 */
export const RIVALS: Readonly<Record<Tier, readonly Tier[]>> = {
  file: ['optical', 'gpt', 'whole-volume', 'boot-sector', 'label', 'mbr', 'superblock'],
  optical: ['whole-volume', 'boot-sector', 'superblock'],
  gpt: [],
  label: ['boot-sector'],
  'whole-volume': ['mbr'],
  'boot-sector': ['mbr', 'superblock'],
  mbr: ['superblock'],
  superblock: ['superblock'],
  'last-resort': [],
};
