import { androidBoot } from './boot/android-boot.ts';
import { cpioBinary, cpioOdc, cpioRamdisk } from './boot/cpio.ts';
import { deviceTree } from './boot/device-tree.ts';
import {
  aixLabel,
  amigaLabel,
  appleMap,
  atariLabel,
  bsdLabel,
  pc98Table,
  sgiLabel,
  sunLabel,
} from './partitions/disk-labels.ts';
import { elfKernel } from './boot/elf-kernel.ts';
import { ext } from './volumes/ext.ts';
import { fat } from './volumes/fat.ts';
import { FLASH_FILESYSTEMS, ubi } from './volumes/flash-filesystems.ts';
import { arm64Image, armZImage, riscvImage, s390Image } from './boot/flat-kernels.ts';
import { FOREIGN_FILESYSTEMS } from './volumes/foreign-filesystems.ts';
import { guidPartitionTable, unprotectedGuidPartitionTable } from './partitions/guid-partition-table.ts';
import { IMAGE_FILESYSTEMS } from './volumes/image-filesystems.ts';
import { LINUX_FILESYSTEMS } from './volumes/linux-filesystems.ts';
import { masterBootRecord } from './partitions/master-boot-record.ts';
import { dasdLabel, zvmImage } from './partitions/mainframe-disks.ts';
import { mdRaid } from './volumes/md-raid.ts';
import { multibootKernel } from './boot/multiboot.ts';
import { highSierra, iso9660, udf } from './volumes/optical-discs.ts';
import { efiZboot, linuxPortableExecutable, unifiedKernelImage } from './boot/portable-executable.ts';
import { highPoint37x } from './volumes/raid-members.ts';
import type { Recogniser } from './sighting/sighting.ts';
import { recogniserOf } from './volumes/superblock.ts';
import { swap } from './volumes/swap.ts';
import { uBootImage } from './boot/u-boot-image.ts';
import { UNIX_FILESYSTEMS } from './volumes/unix-filesystems.ts';
import { hfs, minix } from './volumes/weak-filesystems.ts';
import { bcache, luks, lvm2, mappedDevice, auxiliaryVolume } from './volumes/whole-volumes.ts';
import { bitLocker, exfat, ntfs } from './volumes/windows-volumes.ts';
import { x86Kernel } from './boot/x86-kernel.ts';

/**
 * Tiers of formats by precedence: those least likely to match by chance come first.
 * - `file`: kernels, ramdisks and other files that begin with a header of their own; only one fits at offset 0.
 * - `boot-sector`: volumes whose first sector looks like that of a partitioned disk.
 * - `last-resort`: 16-bit magics and leftovers, which never contradict another format.
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
  'whole-volume': [luks, lvm2, mdRaid, swap, bcache, mappedDevice, ubi, auxiliaryVolume],
  'boot-sector': [bitLocker, ntfs, exfat, fat],
  mbr: [masterBootRecord],
  superblock: [ext, ...FILESYSTEMS.map(recogniserOf), udf],
  'last-resort': [unprotectedGuidPartitionTable, multibootKernel, minix, hfs, highPoint37x, cpioBinary],
};

/**
 * Tiers that contradict a winner, so that no type is chosen. A structure of any other tier is a leftover or belongs to
 * the winner. `contends` handles the exceptions:
 * - `optical`: a partition table makes a hybrid disc where one of its partitions belongs to the disc; HFS and UDF make
 *   a bridge;
 * - `gpt`: its entries overwrite superblocks up to 17 KiB, and those behind outlive a new table, so they are leftovers.
 *   Where the entries were not verified, superblocks contradict;
 * - `label`: the first partition usually begins at sector 0, so its superblock or swap signature lies where that of a
 *   volume would be. A superblock of a volume that fits no partition contradicts;
 * - `whole-volume`: RAID and LVM do not wipe old superblocks. Swap is an exception.
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
