import { readFile } from 'node:fs/promises';
import { assemble, le32, noise } from '../bytes.ts';
import { NOT_SURE, SURE, SURE_OR_LIKELY, typed } from '../label.ts';
import { type Recipe, sample } from '../recipe.ts';
import { patch, sparse, type Workshop } from '../workshop.ts';
import { guidPartitionTable } from './gpt.ts';

const MIB = 1024 * 1024;
const DISK_SIZE = 64 * MIB;

const MBR_SCRIPT =
  'label: dos\nlabel-id: 0x12345678\nstart=2048, size=65536, type=83, bootable\nstart=67584, type=82\n';
const EXTENDED_SCRIPT =
  'label: dos\nstart=2048, size=40960, type=83\nstart=43008, type=5\nstart=45056, size=8192, type=83\n';

async function sfdisk(shop: Workshop, file: string, script: string): Promise<void> {
  await sparse(file, DISK_SIZE);
  await shop.run('sfdisk', ['--quiet', '--no-reread', '--no-tell-kernel', file], { input: script });
}

/** A disk is never only a table: the first partition holds a file system. */
async function ext4At(shop: Workshop, file: string, offset: number): Promise<void> {
  await shop.run('mke2fs', ['-q', '-F', '-t', 'ext4', '-E', `offset=${String(offset)}`, file, '16M']);
}

export const disks: readonly Recipe[] = [
  sample('disks/mbr.img', typed('disk', { confidences: SURE_OR_LIKELY }), [], async (shop, file) => {
    await sfdisk(shop, file, MBR_SCRIPT);
    await ext4At(shop, file, MIB);
  }),
  sample('disks/mbr-extended.img', typed('disk', { confidences: SURE_OR_LIKELY }), [], (shop, file) =>
    sfdisk(shop, file, EXTENDED_SCRIPT),
  ),
  sample(
    'disks/mbr-boot-code.img',
    typed('disk', { confidences: SURE_OR_LIKELY }),
    ['disks/mbr.img'],
    async (shop, file) => {
      await shop.copy('disks/mbr.img', file);
      await patch(file, [[0, (await readFile('/usr/lib/syslinux/mbr/mbr.bin')).subarray(0, 440)]]);
    },
  ),
  // GRUB's boot sector begins as a FAT volume does: a jump over a BPB that is all zeros.
  sample(
    'disks/mbr-grub.img',
    typed('disk', { confidences: SURE_OR_LIKELY }),
    ['disks/mbr.img'],
    async (shop, file) => {
      await shop.copy('disks/mbr.img', file);
      await patch(file, [
        [0, '\xEB\x63\x90'],
        [0x5a, '\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\xFF\xFA\x90\x90\xF6\xC2\x80\x74\x05\xF6\xC2\x70'],
        [0x180, 'GRUB \x00Geom\x00Hard Disk\x00Read\x00 Error\r\n\x00'],
      ]);
    },
  ),
  // The other way round: boot code with the BPB of a FAT volume left in it, and partitions that say otherwise.
  sample(
    'disks/mbr-stale-bpb.img',
    typed('disk', { confidences: NOT_SURE, mayBeUndetermined: 'two readings contend', mayHaveSafety: ['POLYGLOT'] }),
    ['disks/mbr.img', 'filesystems/fat16.img'],
    async (shop, file) => {
      await shop.copy('disks/mbr.img', file);
      await patch(file, [[0, (await shop.read('filesystems/fat16.img')).subarray(0, 440)]]);
    },
  ),
  sample(
    'disks/mbr-one-sector.img',
    typed('disk', { confidences: NOT_SURE, mayHaveSafety: ['TRUNCATED', 'SIZE_MISMATCH'] }),
    ['disks/mbr.img'],
    async (shop, file) => {
      await patchNew(file, 512, (await shop.read('disks/mbr.img')).subarray(0, 512));
    },
  ),
  sample('disks/gpt.img', typed('disk', { confidences: SURE }), [], async (shop, file) => {
    await sparse(file, DISK_SIZE);
    await shop.run('sgdisk', ['-n', '1:2048:+32M', '-t', '1:8300', '-n', '2:0:0', '-t', '2:8200', file]);
    await ext4At(shop, file, MIB);
  }),
  sample('disks/gpt-by-sfdisk.img', typed('disk', { confidences: SURE }), [], (shop, file) =>
    sfdisk(shop, file, 'label: gpt\nstart=2048, size=8192, type=uefi\nstart=10240, type=linux\n'),
  ),
  // As a BIOS-bootable cloud image has it: boot code in front, the protective entry marked active.
  sample(
    'disks/gpt-boot-flag.img',
    typed('disk', { confidences: SURE, mayHaveSafety: ['GPT_NONSTANDARD'] }),
    ['disks/gpt.img'],
    async (shop, file) => {
      await shop.copy('disks/gpt.img', file);
      await patch(file, [
        [0, (await readFile('/usr/lib/syslinux/mbr/gptmbr.bin')).subarray(0, 440)],
        [446, '\x80'],
      ]);
    },
  ),
  sample(
    'disks/gpt-hybrid.img',
    typed('disk', { confidences: SURE, mustHaveSafety: ['GPT_NONSTANDARD'] }),
    ['disks/gpt.img'],
    async (shop, file) => {
      await shop.copy('disks/gpt.img', file);
      await shop.run('sgdisk', ['-h', '1', file]);
    },
  ),
  sample('disks/gpt-4kn.img', typed('disk', { confidences: SURE }), [], async (_shop, file) => {
    await sparse(file, DISK_SIZE);
    await patch(file, guidPartitionTable(DISK_SIZE, 4096));
  }),
  // The backup at the end is out of sight; what is left is the protective entry.
  sample(
    'disks/gpt-primary-lost.img',
    typed('disk', { confidences: NOT_SURE, mayHaveSafety: ['GPT_NONSTANDARD'] }),
    ['disks/gpt.img'],
    async (shop, file) => {
      await shop.copy('disks/gpt.img', file);
      await patch(file, [[512, Buffer.alloc(512)]]);
    },
  ),
  sample(
    'disks/gpt-bad-checksum.img',
    typed('disk', { confidences: NOT_SURE, mayHaveSafety: ['GPT_NONSTANDARD', 'MALFORMED_HEADER'] }),
    ['disks/gpt.img'],
    async (shop, file) => {
      await shop.copy('disks/gpt.img', file);
      await patch(file, [[512 + 16, '\xDE\xAD\xBE\xEF']]);
    },
  ),
  // Tables of machines that Glance hardly ever meets.
  ...(['sun', 'sgi'] as const).map((label) =>
    sample(`disks/${label}.img`, typed('disk', { mayBeUndetermined: 'a rare partition table' }), [], (shop, file) =>
      sfdisk(shop, file, `label: ${label}\n`),
    ),
  ),
  // A boot sector alone decides nothing: without an entry there is no partition.
  sample(
    'disks/mbr-no-entries.img',
    typed('disk', {
      confidences: NOT_SURE,
      mayBeUndetermined: 'a signature without partitions',
      mustHaveSafety: ['BOOT_SECTOR_REFUSED'],
    }),
    [],
    async (_shop, file) => {
      await sparse(file, DISK_SIZE);
      await patch(file, [[510, '\x55\xAA']]);
    },
  ),
  sample(
    'disks/mbr-random-entries.img',
    typed('disk', {
      confidences: NOT_SURE,
      mayBeUndetermined: 'noise with a signature',
      mustHaveSafety: ['BOOT_SECTOR_REFUSED'],
    }),
    [],
    (_shop, file) =>
      patchNew(
        file,
        4 * MIB,
        assemble(4 * MIB, [
          [0, noise(4 * MIB, 7)],
          [510, '\x55\xAA'],
          [446, le32(0x0909_0907)],
        ]),
      ),
  ),
];

async function patchNew(file: string, size: number, bytes: Buffer): Promise<void> {
  await sparse(file, size);
  await patch(file, [[0, bytes]]);
}
