import { rm } from 'node:fs/promises';
import type { SafetyCode } from '../../../src/model/safety.ts';
import { be32, be64 } from '../bytes.ts';
import { NOT_SURE, typed, untyped } from '../label.ts';
import { type Recipe, sample } from '../recipe.ts';
import { type Patch, patch } from '../workshop.ts';

/** Field offsets of the header are those of QEMU docs/interop/qcow2.rst. */
const MBR = 'containers/qcow2-mbr';

/** A sound image with some bytes of its header changed; nothing can be said of its guest. */
function broken(
  name: string,
  patches: readonly Patch[],
  safety: readonly SafetyCode[],
  more: readonly SafetyCode[] = [],
): Recipe {
  const label = untyped({ containerType: 'qcow2', mustHaveSafety: safety, mayHaveSafety: more });
  return sample(`hostile/qcow2-${name}`, label, [MBR], async (shop, file) => {
    await shop.copy(MBR, file);
    await patch(file, patches);
  });
}

/** A backing file name behind the header extensions, where the first cluster has room. */
const backing = (name: string): readonly Patch[] => [
  [8, be64(0x1000)],
  [16, be32(name.length)],
  [0x1000, name],
];

const BACKED: readonly (readonly [name: string, target: string, safety: readonly SafetyCode[]])[] = [
  ['absolute', '/etc/passwd', ['BACKING_FILE']],
  ['json', 'json:{"driver":"file","filename":"/etc/shadow"}', ['BACKING_FILE', 'REMOTE_NAME']],
  ['nbd', 'nbd://192.0.2.1/disk', ['BACKING_FILE', 'REMOTE_NAME']],
  ['rbd', 'rbd:volumes/other-tenant', ['BACKING_FILE', 'REMOTE_NAME']],
];

export const hostileQcow2: readonly Recipe[] = [
  // What is allocated shows, what is not lies in the other file: naming no type is as good.
  ...BACKED.map(([name, target, safety]) =>
    sample(
      `hostile/qcow2-backing-${name}`,
      typed('disk', {
        containerType: 'qcow2',
        mustHaveSafety: safety,
        mayBeUndetermined: 'part of the guest is elsewhere',
      }),
      [MBR],
      async (shop, file) => {
        await shop.copy(MBR, file);
        await patch(file, backing(target));
      },
    ),
  ),
  // As `qemu-img create` makes them: nothing of the guest is in the file.
  ...(['qcow2', 'qed', 'qcow', 'vmdk'] as const).map((format) =>
    sample(
      `hostile/${format}-overlay`,
      untyped({
        containerType: format,
        mustHaveSafety: [format === 'vmdk' ? 'PARENT_NEEDED' : 'BACKING_FILE'],
        mayHaveSafety: ['PARENT_NEEDED', 'BACKING_FILE', 'REMOTE_NAME', 'EXTERNAL_EXTENTS'],
      }),
      [MBR, 'containers/vmdk-mbr'],
      async (shop, file) => {
        const [parent, parentFormat] = format === 'vmdk' ? ['containers/vmdk-mbr', 'vmdk'] : [MBR, 'qcow2'];
        await shop.run('qemu-img', ['create', '-q', '-f', format, '-b', shop.path(parent), '-F', parentFormat, file]);
      },
    ),
  ),
  sample(
    'hostile/qcow2-data-file',
    untyped({ containerType: 'qcow2', mustHaveSafety: ['EXTERNAL_DATA_FILE'] }),
    [],
    async (shop, file) => {
      const data = `${file}.data`;
      await shop.run('qemu-img', [
        'create',
        '-q',
        '-f',
        'qcow2',
        '-o',
        `data_file=${data},data_file_raw=on`,
        file,
        '64M',
      ]);
      await rm(data);
    },
  ),
  broken('data-file-bit', [[72, be64(4)]], ['EXTERNAL_DATA_FILE']),
  broken(
    'data-file-json',
    [
      [72, be64(4)],
      [104, Buffer.alloc(400)],
      [112, be32(0x44_41_54_41)],
      [116, be32(41)],
      [120, 'json:{"driver":"file","filename":"/dev/a"}'],
    ],
    ['EXTERNAL_DATA_FILE', 'REMOTE_NAME'],
    ['MALFORMED_HEADER'],
  ),
  broken('unknown-bit-5', [[72, be64(0x20)]], ['UNKNOWN_FEATURE_BITS']),
  broken('unknown-bit-63', [[72, be64(1n << 63n)]], ['UNKNOWN_FEATURE_BITS']),
  broken('version-4', [[4, be32(4)]], ['MALFORMED_HEADER'], ['UNKNOWN_FEATURE_BITS']),
  broken('cluster-bits-8', [[20, be32(8)]], ['MALFORMED_HEADER'], ['OVERSIZED_TABLE']),
  broken('cluster-bits-22', [[20, be32(22)]], ['MALFORMED_HEADER'], ['TABLE_OUT_OF_BOUNDS']),
  broken('cluster-bits-huge', [[20, be32(0xff_ff_ff_ff)]], ['MALFORMED_HEADER']),
  broken('header-length-short', [[100, be32(96)]], ['MALFORMED_HEADER']),
  broken(
    'header-length-huge',
    [[100, be32(0xff_ff_ff_f8)]],
    ['MALFORMED_HEADER'],
    ['TABLE_OUT_OF_BOUNDS', 'OVERSIZED_TABLE'],
  ),
  broken('refcount-order-7', [[96, be32(7)]], ['MALFORMED_HEADER']),
  broken('compression-type-without-bit', [[104, '\x01']], ['MALFORMED_HEADER']),
  broken('l1-beyond-the-end', [[40, be64(1n << 40n)]], ['TABLE_OUT_OF_BOUNDS'], ['TRUNCATED']),
  broken('l1-at-2-to-63', [[40, be64(1n << 63n)]], ['TABLE_OUT_OF_BOUNDS'], ['MALFORMED_HEADER']),
  broken('l1-over-the-header', [[40, be64(0)]], ['TABLE_OUT_OF_BOUNDS'], ['MALFORMED_HEADER']),
  broken('l1-unaligned', [[40, be64(0x30_001)]], ['MALFORMED_HEADER'], ['TABLE_OUT_OF_BOUNDS']),
  broken('l1-huge', [[36, be32(0xff_ff_ff_ff)]], ['OVERSIZED_TABLE'], ['TABLE_OUT_OF_BOUNDS', 'MALFORMED_HEADER']),
  broken('l1-too-small', [[36, be32(0)]], ['MALFORMED_HEADER'], ['TABLE_OUT_OF_BOUNDS']),
  broken(
    'size-2-to-63',
    [[24, be64((1n << 63n) - 512n)]],
    ['MALFORMED_HEADER'],
    ['OVERSIZED_TABLE', 'TABLE_OUT_OF_BOUNDS'],
  ),
  broken('crypt-luks', [[32, be32(2)]], ['ENCRYPTED_CONTENT'], ['MALFORMED_HEADER']),
  broken('crypt-7', [[32, be32(7)]], ['MALFORMED_HEADER'], ['ENCRYPTED_CONTENT']),
  // Entries behind a sound header that lead out of the file: lost data must not look blank.
  fromTable('l1-entry-beyond-the-end', (l1) => [[l1, be64((1n << 63n) | (1n << 40n))]], [
    'TABLE_OUT_OF_BOUNDS',
    'DATA_OUT_OF_BOUNDS',
  ]),
  fromTable('l2-entry-beyond-the-end', (_l1, l2) => [[l2, be64((1n << 63n) | (1n << 40n))]], ['DATA_OUT_OF_BOUNDS']),
  fromTable('l2-compressed-beyond-the-end', (_l1, l2) => [[l2, be64((1n << 62n) | (1n << 50n))]], [
    'DATA_OUT_OF_BOUNDS',
  ]),
  // Compressed data that is none.
  fromTable('l2-compressed-garbage', (_l1, l2) => [[l2, be64((1n << 62n) | (3n << 54n) | 0x50000n)]], []),
  sample(
    'hostile/qcow2-dirty',
    typed('disk', { containerType: 'qcow2', confidences: NOT_SURE, mustHaveSafety: ['DIRTY'] }),
    [MBR],
    async (shop, file) => {
      await shop.copy(MBR, file);
      await patch(file, [[72, be64(1)]]);
    },
  ),
  sample(
    'hostile/qcow2-corrupt-bit',
    typed('disk', {
      containerType: 'qcow2',
      confidences: NOT_SURE,
      mayHaveSafety: ['DIRTY', 'MALFORMED_HEADER'],
      mustHaveSafety: ['DIRTY'],
    }),
    [MBR],
    async (shop, file) => {
      await shop.copy(MBR, file);
      await patch(file, [[72, be64(2)]]);
    },
  ),
  sample(
    'hostile/qcow2-many-snapshots',
    typed('disk', {
      containerType: 'qcow2',
      mustHaveSafety: ['INTERNAL_SNAPSHOTS'],
      mayHaveSafety: ['OVERSIZED_TABLE', 'TABLE_OUT_OF_BOUNDS'],
      mayBeUndetermined: 'absurd header',
    }),
    [MBR],
    async (shop, file) => {
      await shop.copy(MBR, file);
      await patch(file, [[60, be32(0xff_ff_ff_ff)]]);
    },
  ),
  sample(
    'hostile/qcow2-cut-in-half',
    untyped({ containerType: 'qcow2', mayHaveSafety: ['TRUNCATED', 'TABLE_OUT_OF_BOUNDS', 'DATA_OUT_OF_BOUNDS'] }),
    [MBR],
    async (shop, file) => {
      await shop.copy(MBR, file);
      await shop.run('truncate', ['-s', String(3 * 65_536 + 512), file]);
    },
  ),
];

/** Changes an entry of the tables that qemu-img wrote; `safety`: one of these, at least. */
function fromTable(
  name: string,
  change: (l1: number, l2: number) => readonly Patch[],
  safety: readonly SafetyCode[],
): Recipe {
  const [first, ...others] = safety;
  const label = untyped({
    containerType: 'qcow2',
    mustHaveSafety: others.length === 0 && first !== undefined ? [first] : [],
    mayHaveSafety: [...safety, 'MALFORMED_HEADER'],
  });
  return sample(`hostile/qcow2-${name}`, label, [MBR], async (shop, file) => {
    await shop.copy(MBR, file);
    const head = await shop.read(MBR);
    const l1 = Number(head.readBigUInt64BE(40));
    const l2 = Number(head.readBigUInt64BE(l1) & 0x00ff_ffff_ffff_fe00n);
    await patch(file, change(l1, l2));
  });
}
