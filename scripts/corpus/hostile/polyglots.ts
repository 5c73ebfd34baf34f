import { writeFile } from 'node:fs/promises';
import { noise } from '../bytes.ts';
import { type Label, typed, untyped } from '../label.ts';
import { type Recipe, sample } from '../recipe.ts';
import { patch } from '../workshop.ts';

/** `from` with the bytes [start, end) of `over` written over it. */
function overlaid(name: string, label: Label, from: string, over: string, start: number, end: number): Recipe {
  return sample(`hostile/${name}`, label, [from, over], async (shop, file) => {
    await shop.copy(from, file);
    await patch(file, [[start, (await shop.read(over)).subarray(start, end)]]);
  });
}

const twoContainers = untyped({
  containerType: null,
  mustHaveSafety: ['POLYGLOT'],
  mayHaveSafety: [
    'TABLE_OUT_OF_BOUNDS',
    'MALFORMED_HEADER',
    'EXTERNAL_EXTENTS',
    'SMUGGLED_DESCRIPTOR',
    'SUBTYPE_REFUSED',
    'DATA_OUT_OF_BOUNDS',
    'TRUNCATED',
  ],
});
/** Two readings of the same raw bytes: no type is named, and whether that is called hostile is open. */
const contested = untyped({
  mayHaveSafety: ['POLYGLOT', 'TRUNCATED'],
  undeterminedAs: [
    { containerType: 'raw', envelope: null },
    { containerType: null, envelope: null },
  ],
});
/** The system area of a CD is free for anything, so calling it a CD is right, and so is choosing nothing. */
const systemArea: Label = {
  ...typed('iso9660', { mayHaveSafety: ['POLYGLOT'], mayBeUndetermined: 'two readings contend' }),
  undeterminedAs: contested.undeterminedAs,
};

/**
 * A magic of a few bytes before noise: whichever container it announces, no type may be named. The container is judged by
 * the test, which knows that these names carry any.
 */
const MAGIC_ALONE: Label = untyped({
  containerType: null,
  mayHaveSafety: [
    'MALFORMED_HEADER',
    'TABLE_OUT_OF_BOUNDS',
    'OVERSIZED_TABLE',
    'UNKNOWN_FEATURE_BITS',
    'TRUNCATED',
    'DATA_OUT_OF_BOUNDS',
    'BACKING_FILE',
    'REMOTE_NAME',
    'PARENT_NEEDED',
    'ENCRYPTED_CONTENT',
    'GPT_NONSTANDARD',
    'DIRTY',
    'EXTERNAL_EXTENTS',
    'SUBTYPE_REFUSED',
    'SMUGGLED_DESCRIPTOR',
  ],
});

export const polyglots: readonly Recipe[] = [
  overlaid('polyglot-qcow2-on-iso', twoContainers, 'optical/iso.iso', 'containers/qcow2-mbr', 0, 512),
  overlaid('polyglot-vmdk-on-iso', twoContainers, 'optical/iso.iso', 'containers/vmdk-mbr', 0, 512),
  overlaid('polyglot-vdi-on-iso', twoContainers, 'optical/iso.iso', 'containers/vdi-mbr', 0, 512),
  overlaid('polyglot-qed-on-iso', twoContainers, 'optical/iso.iso', 'containers/qed-mbr', 0, 64),
  overlaid('polyglot-qcow2-on-gpt', twoContainers, 'disks/gpt.img', 'containers/qcow2-mbr', 0, 440),
  overlaid('polyglot-qcow2-on-mbr', twoContainers, 'disks/mbr.img', 'containers/qcow2-mbr', 0, 440),
  overlaid(
    'polyglot-luks-on-iso',
    { ...twoContainers, mayHaveSafety: [...twoContainers.mayHaveSafety, 'ENCRYPTED_CONTENT'] },
    'optical/iso.iso',
    'volumes/luks2.img',
    0,
    4096,
  ),
  overlaid(
    'polyglot-descriptor-on-gpt',
    twoContainers,
    'disks/gpt.img',
    'hostile/vmdk-descriptor-absolute.vmdk',
    0,
    440,
  ),
  // Two magics of container formats in one head: VDI's stands at 64.
  sample(
    'hostile/polyglot-qcow2-and-vdi',
    twoContainers,
    ['containers/vdi-mbr', 'containers/qcow2-mbr'],
    async (shop, file) => {
      await shop.copy('containers/vdi-mbr', file);
      await patch(file, [[0, (await shop.read('containers/qcow2-mbr')).subarray(0, 64)]]);
    },
  ),
  // A sound qcow2 that is a sound fixed VHD by its last sector. No program looks for a footer behind a magic, and looking
  // would cost every container a request: seen or not, both will do.
  sample(
    'hostile/polyglot-qcow2-vhd-footer',
    {
      ...typed('disk', {
        containerType: 'qcow2',
        mayHaveSafety: ['POLYGLOT'],
        mayBeUndetermined: 'two containers contend',
      }),
      undeterminedAs: [{ containerType: null, envelope: null }],
    },
    ['containers/vhd-fixed-mbr', 'containers/qcow2-mbr'],
    async (shop, file) => {
      await shop.copy('containers/vhd-fixed-mbr', file);
      await patch(file, [[0, await shop.read('containers/qcow2-mbr')]]);
    },
  ),
  overlaid('polyglot-mbr-on-ext4', contested, 'filesystems/ext4.img', 'disks/mbr.img', 440, 512),
  overlaid('polyglot-mbr-on-btrfs', contested, 'filesystems/btrfs.img', 'disks/mbr.img', 440, 512),
  overlaid('polyglot-mbr-on-swap', contested, 'volumes/swap-4096.img', 'disks/mbr.img', 440, 512),
  overlaid('polyglot-mbr-on-lvm', contested, 'volumes/lvm.img', 'disks/mbr.img', 440, 512),
  // The label of a partition table by the program that makes such pairs.
  sample('hostile/polyglot-sfdisk-on-ext4', contested, ['filesystems/ext4.img'], async (shop, file) => {
    await shop.copy('filesystems/ext4.img', file);
    await shop.run('sfdisk', ['--quiet', '--no-reread', '--no-tell-kernel', '--wipe', 'never', file], {
      input: 'label: dos\nstart=2048, size=8192, type=83\n',
    });
  }),
  // sgdisk writes entries over the superblock: only the table is left.
  sample(
    'hostile/gpt-on-ext4',
    typed('disk', { mayHaveSafety: ['POLYGLOT'] }),
    ['filesystems/ext4.img'],
    async (shop, file) => {
      await shop.copy('filesystems/ext4.img', file);
      await shop.run('sgdisk', ['-n', '1:2048:+8M', file]);
    },
  ),
  overlaid('polyglot-ext4-on-iso', contested, 'optical/iso.iso', 'filesystems/ext4.img', 1024, 2048),
  overlaid('polyglot-xfs-on-iso', contested, 'optical/iso.iso', 'filesystems/xfs.img', 0, 512),
  // An archive in the system area of a CD: its first 32 KiB are free for anything.
  overlaid('polyglot-tar-on-iso', systemArea, 'optical/iso.iso', 'envelopes/rootfs.tar', 0, 512),
  overlaid('polyglot-gzip-on-iso', systemArea, 'optical/iso.iso', 'envelopes/mbr.raw.gz', 0, 4096),
  overlaid('polyglot-cpio-on-iso', systemArea, 'optical/iso.iso', 'ramdisks/newc.cpio', 0, 512),
  // Magics alone, over noise.
  ...(
    [
      ['qfi', 0, 'QFI\xFB'],
      ['kdmv', 0, 'KDMV'],
      ['conectix', 0, 'conectix'],
      ['vhdxfile', 0, 'vhdxfile'],
      ['qed', 0, 'QED\x00'],
      ['ooom', 0, 'OOOM'],
      ['cd001', 32_769, 'CD001'],
      ['efi-part', 512, 'EFI PART'],
      ['hdrs', 514, 'HdrS'],
      ['ext-magic', 1080, '\x53\xEF'],
      ['minix-magic', 1040, '\x8F\x13'],
      ['xfsb', 0, 'XFSB'],
      ['070701', 0, '070701'],
      ['ustar', 257, 'ustar\x0000'],
      ['zstd', 0, '\x28\xB5\x2F\xFD'],
      ['xz', 0, '\xFD7zXZ\x00'],
      ['swap', 4086, 'SWAPSPACE2'],
      ['btrfs', 65_600, '_BHRfS_M'],
      ['elf', 0, '\x7FELF'],
      ['mz', 0, 'MZ'],
      ['uimage', 0, '\x27\x05\x19\x56'],
      ['fdt', 0, '\xD0\x0D\xFE\xED'],
      ['luks', 0, 'LUKS\xBA\xBE\x00\x09'],
    ] as const
  ).map(([name, offset, magic], index) =>
    sample(`hostile/magic-${name}`, MAGIC_ALONE, [], async (_shop, file) => {
      await writeFile(file, noise(1024 * 1024, 30 + index));
      await patch(file, [[offset, magic]]);
    }),
  ),
];
