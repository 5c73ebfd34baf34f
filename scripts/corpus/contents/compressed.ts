import { appendFile, rename, writeFile } from 'node:fs/promises';
import type { ImageType } from '../../../src/model/vocabulary.ts';
import { noise } from '../bytes.ts';
import { typed, untyped } from '../label.ts';
import { type Recipe, sample } from '../recipe.ts';
import { COMPRESSORS, type Compressor, compress, LZ4_FRAME, unread } from './compressors.ts';

const FAR = 'needs random access within compressed data';

function compressedImage(name: string, from: string, compressor: Compressor, type: ImageType | null): Recipe {
  const extra = {
    envelope: 'compressed' as const,
    ...unread(compressor),
    alsoReadAs: type === 'filesystem' ? (['ramdisk'] as const) : [],
  };
  const label = type === null ? untyped(extra) : typed(type, extra);
  return sample(`envelopes/${name}.${compressor.suffix}`, label, [from], (shop, file) =>
    compress(shop, compressor, shop.path(from), file),
  );
}

/** The magic is there and nothing comes out: damaged, or never compressed. */
const NOT_GZIP = untyped({
  undeterminedAs: [
    { containerType: 'raw', envelope: null },
    { containerType: 'raw', envelope: 'compressed' },
  ],
});

/** Whole images, compressed. */
export const compressed: readonly Recipe[] = [
  ...[...COMPRESSORS, LZ4_FRAME].flatMap((compressor) => [
    compressedImage(`mbr${compressor === LZ4_FRAME ? '-frame' : ''}.raw`, 'disks/mbr.img', compressor, 'disk'),
    compressedImage(
      `ext4${compressor === LZ4_FRAME ? '-frame' : ''}.raw`,
      'filesystems/ext4-filled.img',
      compressor,
      'filesystem',
    ),
  ]),
  compressedImage('gpt.raw', 'disks/gpt.img', COMPRESSORS[0], 'disk'),
  compressedImage('gpt.raw', 'disks/gpt.img', COMPRESSORS[1], 'disk'),
  compressedImage('gpt.raw', 'disks/gpt.img', COMPRESSORS[2], 'disk'),
  compressedImage('iso', 'optical/iso.iso', COMPRESSORS[0], 'iso9660'),
  compressedImage('btrfs.raw', 'filesystems/btrfs.img', COMPRESSORS[0], 'filesystem'),
  compressedImage('blank.raw', 'nothing/blank.img', COMPRESSORS[0], null),
  compressedImage('random', 'nothing/random-0.img', COMPRESSORS[0], null),
  sample(
    'envelopes/disk.qcow2.gz',
    typed('disk', { containerType: 'qcow2', envelope: 'compressed', mayBeUndetermined: FAR }),
    ['containers/qcow2-mbr'],
    (shop, file) => compress(shop, COMPRESSORS[0], shop.path('containers/qcow2-mbr'), file),
  ),
  sample(
    'envelopes/disk.vhd.gz',
    typed('disk', { containerType: 'vhd', envelope: 'compressed', mayBeUndetermined: FAR }),
    ['containers/vhd-mbr'],
    (shop, file) => compress(shop, COMPRESSORS[0], shop.path('containers/vhd-mbr'), file),
  ),
  // Only the end of the plain text could say that it is a fixed VHD.
  sample(
    'envelopes/disk-named.raw.gz',
    typed('disk', { envelope: 'compressed' }),
    ['disks/mbr.img'],
    async (shop, file) => {
      const plain = `${file}.a-name-in-the-header`;
      await shop.copy('disks/mbr.img', plain);
      await shop.run('gzip', ['-1', plain]);
      await rename(`${plain}.gz`, file);
    },
  ),
  sample(
    'envelopes/two-streams.gz',
    typed('disk', { envelope: 'compressed', mustHaveSafety: ['TRUNCATED'] }),
    ['envelopes/mbr.raw.gz'],
    async (shop, file) => {
      const first = Buffer.from(
        await shop.run('gzip', ['-n', '-c'], { input: (await shop.read('disks/mbr.img')).subarray(0, 512) }),
      );
      await writeFile(file, first);
      await appendFile(
        file,
        await shop.run('gzip', ['-n', '-c'], { input: (await shop.read('disks/mbr.img')).subarray(512, 4_000_000) }),
      );
    },
  ),
  sample(
    'envelopes/disk.zip',
    typed('disk', { envelope: 'compressed', mayBeUndetermined: 'no reader for zip is promised' }),
    ['disks/mbr.img'],
    async (shop, file) => {
      await shop.run('zip', ['-q', '-j', `${file}.zip`, shop.path('disks/mbr.img')]);
      await rename(`${file}.zip`, file);
    },
  ),
  // Magic of gzip before noise.
  sample('envelopes/not-gzip.gz', NOT_GZIP, [], (_shop, file) =>
    writeFile(
      file,
      Buffer.concat([Buffer.from('1f8b0800000000000003', 'hex'), Buffer.alloc(64, 0xff), noise(100_000, 9)]),
    ),
  ),
];
