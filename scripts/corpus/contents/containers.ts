import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { ContainerType, ImageType } from '../../../src/model/vocabulary.ts';
import type { SafetyCode } from '../../../src/model/safety.ts';
import { SURE_OR_LIKELY, typed, untyped } from '../label.ts';
import { container, type Recipe } from '../recipe.ts';
import type { Workshop } from '../workshop.ts';

/** What lies in the containers: one of each kind of content, and nothing at all. */
const GUESTS: readonly (readonly [short: string, file: string, type: ImageType | null])[] = [
  ['mbr', 'disks/mbr.img', 'disk'],
  ['gpt', 'disks/gpt.img', 'disk'],
  ['ext4', 'filesystems/ext4.img', 'filesystem'],
  ['fat32', 'filesystems/fat32.img', 'filesystem'],
  ['iso', 'optical/iso.iso', 'iso9660'],
  ['blank', 'nothing/blank.img', null],
];

interface Variant {
  readonly name: string;
  readonly containerType: ContainerType;
  readonly format: string;
  readonly options?: string;
  readonly compressed?: true;
  readonly mayHaveSafety?: readonly SafetyCode[];
}

/** Every way in which qemu-img writes a container that holds its own data. */
const VARIANTS: readonly Variant[] = [
  { name: 'qcow2', containerType: 'qcow2', format: 'qcow2' },
  { name: 'qcow2-v2', containerType: 'qcow2', format: 'qcow2', options: 'compat=0.10' },
  { name: 'qcow2-zlib', containerType: 'qcow2', format: 'qcow2', compressed: true },
  { name: 'qcow2-zstd', containerType: 'qcow2', format: 'qcow2', options: 'compression_type=zstd', compressed: true },
  { name: 'qcow2-512', containerType: 'qcow2', format: 'qcow2', options: 'cluster_size=512' },
  { name: 'qcow2-4k-zlib', containerType: 'qcow2', format: 'qcow2', options: 'cluster_size=4k', compressed: true },
  { name: 'qcow2-2m', containerType: 'qcow2', format: 'qcow2', options: 'cluster_size=2M' },
  { name: 'qcow2-2m-zlib', containerType: 'qcow2', format: 'qcow2', options: 'cluster_size=2M', compressed: true },
  {
    name: 'qcow2-2m-zstd',
    containerType: 'qcow2',
    format: 'qcow2',
    options: 'cluster_size=2M,compression_type=zstd',
    compressed: true,
  },
  { name: 'qcow2-extended-l2', containerType: 'qcow2', format: 'qcow2', options: 'extended_l2=on,cluster_size=128k' },
  {
    name: 'qcow2-extended-l2-zlib',
    containerType: 'qcow2',
    format: 'qcow2',
    options: 'extended_l2=on',
    compressed: true,
  },
  { name: 'qcow2-preallocated', containerType: 'qcow2', format: 'qcow2', options: 'preallocation=metadata' },
  { name: 'qcow', containerType: 'qcow', format: 'qcow' },
  { name: 'qcow-zlib', containerType: 'qcow', format: 'qcow', compressed: true },
  { name: 'qed', containerType: 'qed', format: 'qed' },
  { name: 'qed-4k', containerType: 'qed', format: 'qed', options: 'cluster_size=4k' },
  { name: 'vdi', containerType: 'vdi', format: 'vdi' },
  { name: 'vdi-static', containerType: 'vdi', format: 'vdi', options: 'static=on' },
  { name: 'vhd', containerType: 'vhd', format: 'vpc' },
  { name: 'vhd-force-size', containerType: 'vhd', format: 'vpc', options: 'force_size=on' },
  { name: 'vhd-fixed', containerType: 'vhd', format: 'vpc', options: 'subformat=fixed' },
  { name: 'vhdx', containerType: 'vhdx', format: 'vhdx' },
  { name: 'vhdx-fixed', containerType: 'vhdx', format: 'vhdx', options: 'subformat=fixed' },
  { name: 'vhdx-1m', containerType: 'vhdx', format: 'vhdx', options: 'block_size=1M' },
  { name: 'vhdx-32m', containerType: 'vhdx', format: 'vhdx', options: 'block_size=32M' },
  { name: 'vmdk', containerType: 'vmdk', format: 'vmdk' },
  { name: 'vmdk-zeroed-grain', containerType: 'vmdk', format: 'vmdk', options: 'zeroed_grain=on' },
  { name: 'vmdk-version-4', containerType: 'vmdk', format: 'vmdk', options: 'compat6=on' },
  { name: 'vmdk-stream', containerType: 'vmdk', format: 'vmdk', options: 'subformat=streamOptimized' },
  { name: 'ploop', containerType: 'ploop', format: 'parallels' },
  { name: 'ploop-64k', containerType: 'ploop', format: 'parallels', options: 'cluster_size=64k' },
];

/** VMDKs in several files: a descriptor that holds nothing, and extents of which the first may stand alone. */
const SPLIT: readonly (readonly [subformat: string, extent: string, containerType: ContainerType])[] = [
  ['monolithicFlat', 'flat', 'raw'],
  ['twoGbMaxExtentFlat', 'f001', 'raw'],
  ['twoGbMaxExtentSparse', 's001', 'vmdk'],
];

function guestLabel(type: ImageType | null, extra: Parameters<typeof untyped>[0]): ReturnType<typeof typed> {
  return type === null ? untyped(extra) : typed(type, { confidences: SURE_OR_LIKELY, ...extra });
}

function converted(variant: Variant, [short, base, type]: (typeof GUESTS)[number]): Recipe {
  const { containerType, mayHaveSafety = [] } = variant;
  // QEMU reads them; the inspector of Glance and Nova does not know the feature bit.
  const mustHaveSafety = variant.options?.includes('extended_l2=on') === true ? (['FEATURE_REFUSED'] as const) : [];
  const label = guestLabel(type, { containerType, mustHaveSafety, mayHaveSafety });
  return container(`containers/${variant.name}-${short}`, label, base, async (shop, file) => {
    const options = variant.options === undefined ? [] : ['-o', variant.options];
    const compressed = variant.compressed === undefined ? [] : ['-c'];
    const { format } = variant;
    // For compressed qcow, qemu-img 7.2 ends with 1 and no word although the file is whole: the comparison tells.
    const exitCodes = format === 'qcow' && variant.compressed ? [0, 1] : [0];
    const from = shop.path(base);
    await shop.run('qemu-img', ['convert', '-q', '-f', 'raw', '-O', format, ...compressed, ...options, from, file], {
      exitCodes,
    });
    if (exitCodes.length > 1) await shop.run('qemu-img', ['compare', '-q', '-f', 'raw', '-F', format, from, file]);
  });
}

function split(
  [subformat, extent, containerType]: (typeof SPLIT)[number],
  guest: (typeof GUESTS)[number],
): readonly Recipe[] {
  const [short, base, type] = guest;
  const stem = `containers/vmdk-${subformat}-${short}`;
  const label = untyped({
    containerType: 'vmdk',
    mustHaveSafety: ['EXTERNAL_EXTENTS'],
    mayHaveSafety: ['SMUGGLED_DESCRIPTOR', 'SUBTYPE_REFUSED'],
  });
  const make = async (shop: Workshop, file: string): Promise<void> => {
    await shop.run('qemu-img', [
      'convert',
      '-q',
      '-f',
      'raw',
      '-O',
      'vmdk',
      '-o',
      `subformat=${subformat}`,
      shop.path(base),
      file,
    ]);
  };
  const extentLabel = guestLabel(type, {
    containerType,
    // An extent on its own has no descriptor in it.
    mayHaveSafety: containerType === 'vmdk' ? ['SUBTYPE_REFUSED', 'MALFORMED_HEADER'] : [],
  });
  return [
    { name: `${stem}.vmdk`, needs: [base], label, guestBase: null, make },
    {
      name: `${stem}-${extent}.vmdk`,
      needs: [`${stem}.vmdk`],
      label: extentLabel,
      guestBase: base,
      // Made with the descriptor.
      make: () => Promise.resolve(),
    },
  ];
}

/** Encrypted with a key that a consumer may have: the container shows, the content does not. */
function encrypted(name: string, format: string, options: string, containerType: ContainerType): Recipe {
  // Ciphertext has no holes.
  const small = 'filesystems/fat12-floppy.img';
  const label = untyped({ containerType, mustHaveSafety: ['ENCRYPTED_CONTENT'] });
  return {
    name: `containers/${name}`,
    needs: [small],
    label,
    guestBase: null,
    make: async (shop, file) => {
      const secret = ['--object', 'secret,id=key,data=secret'];
      const output = ['-O', format, '-o', options];
      const command = ['convert', '-q', ...secret, '-f', 'raw', ...output, shop.path(small), file];
      // It times the hash to choose a count of iterations, and gives up where the clock shows it nothing.
      for (let attempt = 1; ; attempt += 1) {
        try {
          await shop.run('qemu-img', command);
          return;
        } catch (error) {
          if (attempt === 5 || !String(error).includes('accurate CPU usage')) throw error;
        }
      }
    },
  };
}

/** A container in a container: qemu-img would only ever make the first of them by hand. */
function wrapped(name: string, inner: string, label: ReturnType<typeof typed>): Recipe {
  return {
    ...container(`containers/${name}`, label, inner, async (shop, file) => {
      await shop.run('qemu-img', ['convert', '-q', '-f', 'raw', '-O', 'qcow2', shop.path(inner), file]);
    }),
    guestBase: inner,
  };
}

export const containers: readonly Recipe[] = [
  ...VARIANTS.flatMap((variant) => GUESTS.map((guest) => converted(variant, guest))),
  ...SPLIT.flatMap((kind) => GUESTS.flatMap((guest) => split(kind, guest))),
  encrypted('luks-by-qemu', 'luks', 'key-secret=key,iter-time=10', 'luks'),
  encrypted('qcow2-aes', 'qcow2', 'encrypt.format=aes,encrypt.key-secret=key', 'qcow2'),
  encrypted('qcow2-luks', 'qcow2', 'encrypt.format=luks,encrypt.key-secret=key,encrypt.iter-time=10', 'qcow2'),
  wrapped(
    'qcow2-of-luks',
    'volumes/luks2.img',
    untyped({ containerType: 'qcow2', mustHaveSafety: ['ENCRYPTED_CONTENT'] }),
  ),
  wrapped('qcow2-of-lvm', 'volumes/lvm.img', typed('other', { containerType: 'qcow2' })),
  wrapped(
    'qcow2-of-kernel',
    'kernels/bzimage',
    typed('kernel', { containerType: 'qcow2', mustHaveSafety: ['BOOT_SECTOR_REFUSED'] }),
  ),
  wrapped(
    'qcow2-of-initrd',
    'ramdisks/initrd.zst',
    typed('ramdisk', { containerType: 'qcow2', mayBeUndetermined: 'nothing is unwrapped within a container' }),
  ),
  wrapped(
    'qcow2-of-qcow2',
    'containers/qcow2-mbr',
    untyped({ containerType: 'qcow2', mayHaveSafety: ['POLYGLOT', 'NESTED_TOO_DEEP'] }),
  ),
  wrapped('qcow2-of-hybrid-iso', 'optical/iso-hybrid-gpt.iso', typed('iso9660', { containerType: 'qcow2' })),
  wrapped('qcow2-of-btrfs', 'filesystems/btrfs.img', typed('filesystem', { containerType: 'qcow2' })),
  wrapped('qcow2-of-reiserfs', 'filesystems/reiserfs.img', typed('filesystem', { containerType: 'qcow2' })),
  {
    ...container(
      'containers/qcow2-snapshot',
      typed('disk', { containerType: 'qcow2', mustHaveSafety: ['INTERNAL_SNAPSHOTS'] }),
      'disks/mbr.img',
      async (shop, file) => {
        await shop.run('qemu-img', ['convert', '-q', '-f', 'raw', '-O', 'qcow2', shop.path('disks/mbr.img'), file]);
        await shop.run('qemu-img', ['snapshot', '-c', 'before', file]);
      },
    ),
  },
  {
    ...container(
      'containers/qcow2-of-overlay',
      typed('disk', { containerType: 'qcow2' }),
      'disks/mbr.img',
      async (shop, file) => {
        const overlay = path.join(path.dirname(file), 'overlay.tmp');
        await shop.run('qemu-img', [
          'create',
          '-q',
          '-f',
          'qcow2',
          '-F',
          'raw',
          '-b',
          shop.path('disks/mbr.img'),
          overlay,
        ]);
        await shop.run('qemu-img', ['convert', '-q', '-O', 'qcow2', overlay, file]);
        await rm(overlay);
      },
    ),
  },
  container(
    'containers/vmdk-adapter-type',
    typed('disk', { containerType: 'vmdk' }),
    'disks/mbr.img',
    async (shop, file) => {
      const options = 'adapter_type=lsilogic,hwversion=13';
      await shop.run('qemu-img', [
        'convert',
        '-q',
        '-f',
        'raw',
        '-O',
        'vmdk',
        '-o',
        options,
        shop.path('disks/mbr.img'),
        file,
      ]);
    },
  ),
];
