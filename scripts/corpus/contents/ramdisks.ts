import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { noise } from '../bytes.ts';
import { SURE_OR_LIKELY, typed } from '../label.ts';
import { type Recipe, sample } from '../recipe.ts';
import type { Workshop } from '../workshop.ts';
import { COMPRESSORS, compress, unread } from './compressors.ts';
import { ROOT_FOLDER } from './filesystems.ts';

const PLAIN = 'ramdisks/newc.cpio';
const EARLY = 'ramdisks/microcode-only.cpio';
const ramdisk = typed('ramdisk', { confidences: SURE_OR_LIKELY });

async function cpio(shop: Workshop, folder: string, format: string): Promise<Buffer> {
  const names = await shop.run('find', ['.', '-mindepth', '0'], { cwd: folder });
  const sorted = names.toString().split('\n').filter(Boolean).sort().join('\n');
  return shop.run('cpio', ['--quiet', '-o', '-H', format, '--owner=0:0'], { cwd: folder, input: `${sorted}\n` });
}

/** How update-initramfs and dracut write them. */
export const ramdisks: readonly Recipe[] = [
  sample(PLAIN, ramdisk, [ROOT_FOLDER], async (shop, file) =>
    writeFile(file, await cpio(shop, shop.path(ROOT_FOLDER), 'newc')),
  ),
  sample('ramdisks/crc.cpio', ramdisk, [ROOT_FOLDER], async (shop, file) =>
    writeFile(file, await cpio(shop, shop.path(ROOT_FOLDER), 'crc')),
  ),
  // No kernel unpacks these two.
  ...(['odc', 'bin'] as const).map((format) =>
    sample(
      `ramdisks/${format}.cpio`,
      typed('other', { mayBeUndetermined: 'an archive that no kernel unpacks', alsoReadAs: [] }),
      [ROOT_FOLDER],
      async (shop, file) => writeFile(file, await cpio(shop, shop.path(ROOT_FOLDER), format)),
    ),
  ),
  ...COMPRESSORS.map((compressor) =>
    sample(`ramdisks/initrd.${compressor.suffix}`, typed('ramdisk', unread(compressor)), [PLAIN], (shop, file) =>
      compress(shop, compressor, shop.path(PLAIN), file),
    ),
  ),
  sample(EARLY, ramdisk, [], async (shop, file) => {
    const folder = shop.path('materials/microcode');
    const inside = path.join(folder, 'kernel/x86/microcode');
    await mkdir(inside, { recursive: true });
    await writeFile(path.join(inside, 'GenuineIntel.bin'), noise(100_000, 5));
    await writeFile(file, await cpio(shop, folder, 'newc'));
  }),
  ...(['zst', 'gz'] as const).map((suffix) =>
    sample(
      `ramdisks/microcode-and-${suffix}.cpio`,
      ramdisk,
      [EARLY, `ramdisks/initrd.${suffix}`],
      async (shop, file) => {
        await shop.copy(EARLY, file);
        await appendFile(file, await shop.read(`ramdisks/initrd.${suffix}`));
      },
    ),
  ),
  // U-Boot's wrapper says what is in it.
  sample('ramdisks/uinitrd', ramdisk, ['ramdisks/initrd.gz'], async (shop, file) => {
    const options = ['-A', 'arm64', '-O', 'linux', '-T', 'ramdisk', '-C', 'gzip', '-n', 'sample'];
    await shop.run('mkimage', [...options, '-d', shop.path('ramdisks/initrd.gz'), file]);
  }),
  // Initrds before 2.6 were file systems; today the same bytes may be an image of one.
  ...(['ext2-1k', 'cramfs', 'romfs'] as const).map((name) =>
    sample(
      `ramdisks/old-initrd-${name}.gz`,
      typed('filesystem', { envelope: 'compressed', alsoReadAs: ['ramdisk'] }),
      [`filesystems/${name}.img`],
      (shop, file) => compress(shop, COMPRESSORS[0], shop.path(`filesystems/${name}.img`), file),
    ),
  ),
];
