import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { noise } from '../bytes.ts';
import { SURE_OR_LIKELY, typed } from '../label.ts';
import { material, type Recipe, sample } from '../recipe.ts';

const CD_FOLDER = 'materials/cd';
const iso = typed('iso9660', { confidences: SURE_OR_LIKELY });
/** What Debian's isolinux brings along. */
const ISOHYBRID = '/usr/lib/ISOLINUX/isohdpfx.bin';
const BOOT = ['-b', 'isolinux/isolinux.bin', '-c', 'isolinux/boot.cat', '-no-emul-boot', '-boot-load-size', '4'];
const EFI_BOOT = ['-eltorito-alt-boot', '-e', 'efi.img', '-no-emul-boot'];

const XORRISO: readonly (readonly [string, readonly string[]])[] = [
  ['iso-xorriso', []],
  ['iso-el-torito', [...BOOT, '-boot-info-table']],
  ['iso-hybrid-mbr', [...BOOT, '-boot-info-table', '-isohybrid-mbr', ISOHYBRID]],
  ['iso-hybrid-gpt', [...BOOT, '-boot-info-table', ...EFI_BOOT, '-isohybrid-mbr', ISOHYBRID, '-isohybrid-gpt-basdat']],
  [
    'iso-hybrid-partition-offset',
    [...BOOT, '-boot-info-table', '-isohybrid-mbr', ISOHYBRID, '-partition_offset', '16'],
  ],
  ['iso-hfsplus', ['-hfsplus']],
  ['iso-appended-efi', ['-append_partition', '2', '0xef', 'materials/cd/efi.img', '-appended_part_as_gpt']],
];

export const optical: readonly Recipe[] = [
  material(CD_FOLDER, ['filesystems/fat12-floppy.img'], async (shop, folder) => {
    await mkdir(path.join(folder, 'isolinux'), { recursive: true });
    await shop.copy('/usr/lib/ISOLINUX/isolinux.bin', path.join(folder, 'isolinux/isolinux.bin'));
    await shop.copy('filesystems/fat12-floppy.img', path.join(folder, 'efi.img'));
    await writeFile(path.join(folder, 'README.txt'), 'a sample\n');
    await writeFile(path.join(folder, 'data.bin'), noise(400_000, 4));
  }),
  sample('optical/iso.iso', iso, [CD_FOLDER], async (shop, file) => {
    await shop.run('genisoimage', ['-quiet', '-R', '-J', '-o', file, shop.path(CD_FOLDER)]);
  }),
  sample('optical/iso-udf-bridge.iso', iso, [CD_FOLDER], async (shop, file) => {
    await shop.run('genisoimage', ['-quiet', '-udf', '-R', '-J', '-o', file, shop.path(CD_FOLDER)]);
  }),
  ...XORRISO.map(([name, options]) =>
    sample(`optical/${name}.iso`, iso, [CD_FOLDER], async (shop, file) => {
      const own = options.map((word) => (word.startsWith('materials/') ? shop.path(word) : word));
      await shop.run('xorriso', ['-as', 'mkisofs', '-quiet', '-R', '-J', ...own, '-o', file, shop.path(CD_FOLDER)]);
    }),
  ),
  // A config drive as Nova makes it.
  sample('optical/config-drive.iso', iso, [CD_FOLDER], async (shop, file) => {
    const options = ['-quiet', '-J', '-r', '-V', 'config-2', '-l', '-ldots', '-allow-lowercase', '-allow-multidot'];
    await shop.run('genisoimage', [...options, '-publisher', 'sample', '-o', file, shop.path(CD_FOLDER)]);
  }),
  // Sectors with their sync and error-correction bytes, as .bin files have them: no consumer of Glance reads that.
  sample(
    'optical/raw-sectors.bin',
    typed('other', { mayBeUndetermined: 'no format that Glance stores' }),
    ['optical/iso.iso'],
    async (shop, file) => {
      const plain = await shop.read('optical/iso.iso');
      const sectors: Buffer[] = [];
      for (let offset = 0; offset < plain.length; offset += 2048) {
        const sync = Buffer.from([0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 2, 0, 1]);
        sectors.push(sync, plain.subarray(offset, offset + 2048), Buffer.alloc(288));
      }
      await writeFile(file, Buffer.concat(sectors));
    },
  ),
];
