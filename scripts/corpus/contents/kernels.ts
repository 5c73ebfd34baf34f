import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { be32, le32, le64 } from '../bytes.ts';
import { type Label, NOT_SURE, typed } from '../label.ts';
import { material, type Recipe, sample } from '../recipe.ts';
import { patch } from '../workshop.ts';
import { COMPRESSORS, compress, unread } from './compressors.ts';
import { kernelPackage } from './debian-kernel.ts';

const KERNEL = 'kernels/bzimage';
const VMLINUX = 'kernels/vmlinux';
const PART = 'materials/bzimage-beginning';
const PACKAGE = 'materials/kernel';
const kernel = typed('kernel');

/** What Debian has compressed its kernels with, by the beginning of the payload. */
const DECOMPRESSORS: readonly (readonly [magic: string, program: string])[] = [
  ['02214c18', 'lz4'],
  ['28b52ffd', 'zstd'],
  ['fd377a58', 'xz'],
  ['1f8b', 'gzip'],
];

/** Real machine code to put behind a header for another machine: what lies there does not matter. */
const HEADERS: readonly (readonly [string, readonly (readonly [number, Uint8Array | string])[]])[] = [
  // Linux Documentation/arch/arm64/booting.rst
  ['arm64-image', arm64Header('\x00\x00\x00\x14\x00\x00\x00\x00')],
  // With an EFI stub the first instruction reads "MZ" and the PE header follows.
  [
    'arm64-image-efi',
    [...arm64Header('MZ\x40\xFA\xFF\xFF\xFF\x14'), [60, le32(64)], [64, 'PE\x00\x00\x64\xAA\x02\x00']],
  ],
  // Linux Documentation/arch/riscv/boot-image-header.rst
  [
    'riscv-image',
    [
      [0, '\x6F\x00\x00\x04\x00\x00\x00\x00'],
      [8, le64(0x20_0000)],
      [16, le64(0x100_0000)],
      [32, le32(2)],
      [48, 'RISCV\x00\x00\x00'],
      [56, 'RSC\x05'],
    ],
  ],
  // Linux arch/arm/boot/compressed/head.S
  [
    'arm-zimage',
    [
      [0, Buffer.alloc(32, Buffer.from('0000a0e1', 'hex'))],
      [32, '\x03\x00\x00\xEA'],
      [36, le32(0x01_6f_28_18)],
      [40, le32(0)],
      [44, le32(0x40_0000)],
      [48, le32(0x04_03_02_01)],
    ],
  ],
  // Linux drivers/firmware/efi/libstub/zboot-header.S
  [
    'efi-zboot',
    [
      [0, 'MZ\x00\x00zimg'],
      [8, le32(0x1_0000)],
      [12, le32(0x10_0000)],
      [24, 'gzip\x00'],
      [56, le32(0x81_82_23_cd)],
      [60, le32(64)],
      [64, 'PE\x00\x00'],
    ],
  ],
];

function arm64Header(first: string): readonly (readonly [number, Uint8Array | string])[] {
  return [
    [0, first],
    [8, le64(0)],
    [16, le64(0x120_0000)],
    [24, le64(0x0a)],
    [32, Buffer.alloc(24)],
    [56, 'ARM\x64'],
    [60, be32(0)],
  ];
}

export function kernels(packages: string): readonly Recipe[] {
  return [
    material(PACKAGE, [], async (shop, folder) => {
      await shop.run('dpkg-deb', ['-x', await kernelPackage(shop, packages), folder]);
      // A hundred megabytes of modules, of which one is enough.
      await shop.run('find', [
        folder,
        '-type',
        'f',
        '!',
        '-name',
        'vmlinuz-*',
        '!',
        '-name',
        'virtio_blk.ko*',
        '-delete',
      ]);
    }),
    sample(KERNEL, { ...kernel, mustHaveSafety: ['BOOT_SECTOR_REFUSED'] }, [PACKAGE], async (shop, file) => {
      const boot = path.join(shop.path(PACKAGE), 'boot');
      const name = (await readdir(boot)).find((entry) => entry.startsWith('vmlinuz-'));
      if (name === undefined) throw new Error('no vmlinuz in the kernel package');
      await shop.copy(path.join(boot, name), file);
    }),
    material(PART, [KERNEL], async (shop, file) => writeFile(file, (await shop.read(KERNEL)).subarray(0, 2_000_000))),
    ...COMPRESSORS.map((compressor) => {
      // Slow compressors get the beginning only, which is all that a reader sees.
      const from = compressor.suffix === 'gz' || compressor.suffix === 'zst' ? KERNEL : PART;
      return sample(`${KERNEL}.${compressor.suffix}`, typed('kernel', unread(compressor)), [from], (shop, file) =>
        compress(shop, compressor, shop.path(from), file),
      );
    }),
    // The payload of a bzImage is an ELF file, compressed (Linux Documentation/arch/x86/boot.rst).
    sample(VMLINUX, typed('kernel', { mayBeUndetermined: 'ELF alone is weak' }), [KERNEL], async (shop, file) => {
      const image = await shop.read(KERNEL);
      const start = ((image[0x1f1] ?? 4) + 1) * 512 + image.readUInt32LE(0x248);
      // The last four bytes are the length of the plain text.
      const payload = image.subarray(start, start + image.readUInt32LE(0x24c) - 4);
      const found = DECOMPRESSORS.find(([magic]) => payload.subarray(0, 6).toString('hex').startsWith(magic));
      if (found === undefined) throw new Error('a kernel payload of unknown compression');
      await writeFile(file, await shop.run(found[1], ['-d', '-c'], { input: payload }));
    }),
    ...HEADERS.map(([name, header]) =>
      sample(`kernels/${name}`, kernel, [VMLINUX], async (shop, file) => {
        const code = (await shop.read(VMLINUX)).subarray(4096, 4096 + 4 * 1024 * 1024);
        await writeFile(file, code);
        await patch(file, header);
      }),
    ),
    sample('kernels/arm64-image.gz', kernel, ['kernels/arm64-image'], (shop, file) =>
      compress(shop, COMPRESSORS[0], shop.path('kernels/arm64-image'), file),
    ),
    mkimage('kernels/uimage', 'kernel'),
    mkimage('kernels/uimage-multi', 'multi'),
    sample('kernels/fit.itb', kernel, ['kernels/arm64-image'], async (shop, file) => {
      const options = [
        '-f',
        'auto',
        '-A',
        'arm64',
        '-O',
        'linux',
        '-T',
        'kernel',
        '-C',
        'none',
        '-a',
        '80000',
        '-e',
        '80000',
      ];
      await shop.run('mkimage', [...options, '-n', 'sample', '-d', shop.path('kernels/arm64-image'), file]);
    }),
    // What lies before a kernel's header may read as a partition, and often does: the boot signature is there anyway.
    sample('kernels/bzimage-partition-entry', kernel, [KERNEL], async (shop, file) => {
      await shop.copy(KERNEL, file);
      const entry = '\x80\x20\x21\x00\x83\x45\x04\x04\x00\x08\x00\x00\x00\x20\x00\x00';
      await patch(file, [[446, Buffer.concat([Buffer.from(entry, 'latin1'), Buffer.alloc(35)])]]);
    }),
    // Syslinux's loader of disk images speaks the protocol of a kernel, and is used as one.
    sample('kernels/memdisk', { ...kernel, mustHaveSafety: ['BOOT_SECTOR_REFUSED'] }, [], async (shop, file) =>
      shop.copy('/usr/lib/syslinux/memdisk', file),
    ),
    sample('kernels/not-a-kernel.elf', notKernel(), [], async (shop, file) => shop.copy('/bin/true', file)),
    sample('kernels/module.ko', notKernel(), [PACKAGE], async (shop, file) => {
      const found = await shop.run('find', [shop.path(PACKAGE), '-name', 'virtio_blk.ko*']);
      await shop.copy(found.toString().trim(), file);
    }),
  ];
}

/** A program is no kernel; calling it `other` is as good as saying nothing. */
function notKernel(): Label {
  return typed('other', { confidences: NOT_SURE, mayBeUndetermined: 'not an image' });
}

/** U-Boot's older wrapper, which names what is in it. */
function mkimage(name: string, type: 'kernel' | 'multi'): Recipe {
  const inside = 'kernels/arm64-image';
  return sample(name, kernel, [inside], async (shop, file) => {
    const options = [
      '-A',
      'arm64',
      '-O',
      'linux',
      '-T',
      type,
      '-C',
      'none',
      '-a',
      '80000',
      '-e',
      '80000',
      '-n',
      'sample',
    ];
    const data = shop.path(inside);
    await shop.run('mkimage', [...options, '-d', type === 'multi' ? `${data}:${data}` : data, file]);
  });
}
