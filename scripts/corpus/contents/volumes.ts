import { assemble, le32, le64 } from '../bytes.ts';
import { lvmCrc, mdChecksum } from '../checksums.ts';
import { SURE_OR_LIKELY, typed, untyped } from '../label.ts';
import { type Recipe, sample } from '../recipe.ts';
import { type Patch, patch, sparse } from '../workshop.ts';

const MIB = 1024 * 1024;
const UUID = '11111111-2222-4333-8444-555555555555';

/** Whole-volume contents that are neither a disk with partitions nor a file system. */
const other = typed('other', { confidences: SURE_OR_LIKELY });
const ENCRYPTED = untyped({ containerType: 'luks', mustHaveSafety: ['ENCRYPTED_CONTENT'] });

export const volumes: readonly Recipe[] = [
  ...(['4096', '65536'] as const).map((page) =>
    sample(`volumes/swap-${page}.img`, other, [], async (shop, file) => {
      await sparse(file, 16 * MIB);
      await shop.run('mkswap', ['--pagesize', page, '--uuid', UUID, file]);
    }),
  ),
  sample('volumes/swap-suspended.img', other, ['volumes/swap-4096.img'], async (shop, file) => {
    await shop.copy('volumes/swap-4096.img', file);
    await patch(file, [[4086, 'S1SUSPEND\x00']]);
  }),
  ...(['luks1', 'luks2'] as const).map((type) =>
    sample(`volumes/${type}.img`, ENCRYPTED, [], async (shop, file) => {
      await sparse(file, 32 * MIB);
      const arguments_ = ['luksFormat', '--batch-mode', '--type', type, '--uuid', UUID, '--pbkdf', 'pbkdf2'];
      await shop.run('cryptsetup', [...arguments_, '--pbkdf-force-iterations', '1000', '--key-file=-', file], {
        input: 'secret',
      });
    }),
  ),
  // The programs for LVM and MD work on devices only, which a test may not have: their labels by hand, checksums and all.
  sample('volumes/lvm.img', other, [], async (_shop, file) => {
    await sparse(file, 32 * MIB);
    await patch(file, physicalVolume(32 * MIB));
  }),
  sample(
    'volumes/lvm-boot-signature.img',
    { ...other, mustHaveSafety: ['BOOT_SECTOR_REFUSED'] },
    ['volumes/lvm.img'],
    async (shop, file) => {
      await shop.copy('volumes/lvm.img', file);
      await patch(file, [[510, '\x55\xAA']]);
    },
  ),
  sample('volumes/md-1.1.img', other, [], async (_shop, file) => {
    await sparse(file, 32 * MIB);
    await patch(file, [[0, mdSuperblock(0, 2048, 30 * 2048)]]);
  }),
  sample('volumes/md-1.2.img', other, [], async (_shop, file) => {
    await sparse(file, 32 * MIB);
    await patch(file, [[4096, mdSuperblock(8, 2048, 30 * 2048)]]);
  }),
  // A mirror with its superblock at the end reads as what it mirrors, and that is how a consumer sees it.
  sample('volumes/md-1.0-ext4.img', typed('filesystem'), ['filesystems/ext4-filled.img'], async (shop, file) => {
    await shop.copy('filesystems/ext4-filled.img', file);
    const at = 16 * MIB - 8192;
    await patch(file, [[at, mdSuperblock(at / 512, 0, at / 512)]]);
  }),
  sample('volumes/ext-journal.img', other, [], async (shop, file) => {
    await sparse(file, 16 * MIB);
    await shop.run('mke2fs', ['-q', '-F', '-O', 'journal_dev', '-b', '4096', '-U', UUID, file]);
  }),
];

/** Label in sector 1, one data area from 1 MiB, one metadata area from 4 KiB (LVM2 lib/format_text/layout.h). */
function physicalVolume(size: number): readonly Patch[] {
  const label = assemble(512, [
    [0, 'LABELONE'],
    [8, le64(1)],
    [20, le32(32)],
    [24, 'LVM2 001'],
    [32, 'Abcdefghijklmnopqrstuvwxyz012345'],
    [64, le64(size)],
    [72, le64(MIB)],
    [104, le64(4096)],
    [112, le64(MIB - 4096)],
  ]);
  label.set(le32(lvmCrc(label.subarray(20))), 16);
  const metadata = assemble(512, [
    [4, ' LVM2 x[5A%r0N*>'],
    [20, le32(1)],
    [24, le64(4096)],
    [32, le64(MIB - 4096)],
  ]);
  metadata.set(le32(lvmCrc(metadata.subarray(4))), 0);
  return [
    [512, label],
    [4096, metadata],
  ];
}

/** Version 1 superblock of a RAID 1 of two, all positions in sectors (Linux include/uapi/linux/raid/md_p.h). */
function mdSuperblock(superOffset: number, dataOffset: number, dataSize: number): Buffer {
  const bytes = assemble(260, [
    [0, le32(0xa9_2b_4e_fc)],
    [4, le32(1)],
    [16, Buffer.alloc(16, 0x77)],
    [32, 'sample:0'],
    [72, le32(1)],
    [80, le64(dataSize)],
    [92, le32(2)],
    [128, le64(dataOffset)],
    [136, le64(dataSize)],
    [144, le64(superOffset)],
    [168, Buffer.alloc(16, 0x66)],
    [200, le64(1)],
    [220, le32(2)],
    [258, '\x01\x00'],
  ]);
  bytes.set(le32(mdChecksum(bytes)), 216);
  return bytes;
}
