import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { noise } from '../bytes.ts';
import { typed, untyped } from '../label.ts';
import { type Recipe, sample } from '../recipe.ts';
import { patch, type Workshop } from '../workshop.ts';

const NESTED = untyped({
  envelope: 'compressed',
  mustHaveSafety: ['NESTED_TOO_DEEP'],
});

async function gzip(shop: Workshop, input: Buffer): Promise<Buffer> {
  return shop.run('gzip', ['-n', '-9', '-c'], { input });
}

const OVF_HEAD = '<?xml version="1.0"?><Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1"></Envelope>';

export const hostileArchives: readonly Recipe[] = [
  sample(
    'hostile/gzip-of-gzip-of-disk.gz',
    typed('disk', {
      envelope: 'compressed',
      mayBeUndetermined: 'the second layer may be one too many',
      mayHaveSafety: ['NESTED_TOO_DEEP'],
    }),
    ['disks/mbr.img'],
    async (shop, file) => {
      await writeFile(file, await gzip(shop, await gzip(shop, await shop.read('disks/mbr.img'))));
    },
  ),
  sample('hostile/gzip-five-deep.gz', NESTED, ['disks/mbr.img'], async (shop, file) => {
    let bytes = await shop.read('disks/mbr.img');
    for (let depth = 0; depth < 5; depth += 1) bytes = await gzip(shop, bytes);
    await writeFile(file, bytes);
  }),
  // A thousand to one, in four streams.
  sample(
    'hostile/bomb.gz',
    untyped({ envelope: 'compressed', mayHaveSafety: ['DECOMPRESSION_BOMB', 'NESTED_TOO_DEEP'] }),
    [],
    async (shop, file) => {
      const stream = await gzip(shop, Buffer.alloc(64 * 1024 * 1024));
      await writeFile(file, Buffer.concat([stream, stream, stream, stream]));
    },
  ),
  sample(
    'hostile/bomb.xz',
    untyped({ envelope: 'compressed', mayHaveSafety: ['DECOMPRESSION_BOMB'] }),
    [],
    async (shop, file) => {
      await writeFile(file, await shop.run('xz', ['-0', '-c'], { input: Buffer.alloc(64 * 1024 * 1024) }));
    },
  ),
  // A window of 2 GiB announced for a few bytes.
  sample(
    'hostile/zstd-long-window.zst',
    typed('disk', {
      envelope: 'compressed',
      mayBeUndetermined: 'a window too large to honour',
      mayHaveSafety: ['DECOMPRESSION_BOMB'],
    }),
    ['disks/mbr.img'],
    async (shop, file) => {
      await writeFile(
        file,
        await shop.run('zstd', ['-q', '--ultra', '-1', '--long=31', '-c', shop.path('disks/mbr.img')]),
      );
    },
  ),
  sample(
    'hostile/xz-large-dictionary.xz',
    typed('disk', {
      envelope: 'compressed',
      mayBeUndetermined: 'a dictionary too large to honour',
      mayHaveSafety: ['DECOMPRESSION_BOMB', 'TRUNCATED'],
    }),
    ['disks/mbr.img'],
    async (shop, file) => {
      const plain = (await shop.read('disks/mbr.img')).subarray(0, 4 * 1024 * 1024);
      await writeFile(
        file,
        await shop.run('xz', ['--lzma2=dict=512MiB,mode=fast,mf=hc3,nice=8', '-T1', '-c'], { input: plain }),
      );
    },
  ),
  sample(
    'hostile/cut.gz',
    typed('disk', { envelope: 'compressed', mayHaveSafety: ['TRUNCATED'] }),
    ['envelopes/mbr.raw.gz'],
    async (shop, file) => {
      const whole = await shop.read('envelopes/mbr.raw.gz');
      await writeFile(file, whole.subarray(0, Math.floor(whole.length / 2)));
    },
  ),
  sample(
    'hostile/cut.xz',
    typed('disk', {
      envelope: 'compressed',
      mayBeUndetermined: 'cut before the first bytes come out',
      mayHaveSafety: ['TRUNCATED'],
    }),
    ['envelopes/mbr.raw.xz'],
    async (shop, file) => {
      const whole = await shop.read('envelopes/mbr.raw.xz');
      await writeFile(file, whole.subarray(0, Math.floor(whole.length / 2)));
    },
  ),
  // Members that lead out of the archive, by name, by link and by size.
  archive(
    'ova-outside-names.ova',
    [
      ['vm.ovf', OVF_HEAD],
      ['../../../etc/passwd.vmdk', 'KDMV'],
    ],
    ['--absolute-names'],
  ),
  sample(
    'hostile/ova-member-too-large.ova',
    untyped({
      containerType: 'vmdk',
      envelope: 'ova',
      mustHaveSafety: ['TRUNCATED', 'UNSAFE_MEMBER'],
      mayHaveSafety: ['MALFORMED_HEADER', 'SIZE_MISMATCH', 'SUBTYPE_REFUSED'],
    }),
    ['hostile/ova-outside-names.ova'],
    async (shop, file) => {
      await shop.copy('hostile/ova-outside-names.ova', file);
      await patch(file, [[1024 + 124, '77777777777\x00']]);
      const bytes = (await shop.read('hostile/ova-member-too-large.ova')).subarray(1024, 1536);
      await patch(file, [[1024 + 148, tarChecksum(bytes)]]);
    },
  ),
  sample(
    'hostile/tar-bad-checksum.tar',
    untyped({ mayHaveSafety: ['MALFORMED_HEADER'] }),
    ['envelopes/documents.tar'],
    async (shop, file) => {
      await shop.copy('envelopes/documents.tar', file);
      await patch(file, [[148, '0000000\x00']]);
    },
  ),
  // Two thousand empty members before anything else.
  sample(
    'hostile/tar-many-members.tar',
    typed('other', { mayBeUndetermined: 'nobody looks that far', envelope: null }),
    [],
    async (shop, file) => {
      const folder = `${file}.members`;
      await mkdir(folder, { recursive: true });
      for (let index = 0; index < 2_000; index += 1) await writeFile(path.join(folder, String(index)), '');
      await shop.run('tar', ['-C', folder, '--format=ustar', '-cf', file, '.']);
      await rm(folder, { recursive: true });
    },
  ),
  sample('hostile/noise-after-gzip-magic', untyped({ mayHaveSafety: [] }), [], (_shop, file) =>
    writeFile(file, Buffer.concat([Buffer.from('1f8b08ff', 'hex'), noise(300_000, 90)])),
  ),
];

function archive(name: string, members: readonly (readonly [string, string])[], options: readonly string[]): Recipe {
  const label = untyped({
    containerType: 'vmdk',
    envelope: 'ova',
    mayHaveSafety: ['MALFORMED_HEADER', 'TRUNCATED', 'TABLE_OUT_OF_BOUNDS', 'UNSAFE_MEMBER'],
  });
  return sample(`hostile/${name}`, label, [], async (shop, file) => {
    const folder = `${file}.members/a/b/c`;
    await mkdir(folder, { recursive: true });
    for (const [member, content] of members) {
      const place = path.join(folder, path.basename(member));
      await writeFile(place, content);
    }
    const names = members.map(([member]) => path.basename(member));
    const last = members.at(-1)?.[0] ?? '';
    const rename = `--transform=s,^${path.basename(last)}$,${last},`;
    await shop.run('tar', ['-C', folder, '--format=ustar', ...options, rename, '-cf', file, ...names]);
    await rm(`${file}.members`, { recursive: true });
  });
}

function tarChecksum(header: Buffer): string {
  const blanked = Buffer.from(header);
  blanked.fill(0x20, 148, 156);
  let sum = 0;
  for (const byte of blanked) sum += byte;
  return `${sum.toString(8).padStart(6, '0')}\x00 `;
}
