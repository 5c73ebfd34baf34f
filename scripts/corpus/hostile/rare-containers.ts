import { writeFile } from 'node:fs/promises';
import type { SafetyCode } from '../../../src/model/safety.ts';
import { assemble, be32, be64, le32, le64 } from '../bytes.ts';
import { type Label, NOT_SURE, typed, untyped } from '../label.ts';
import { type Recipe, sample } from '../recipe.ts';
import { type Patch, patch } from '../workshop.ts';

/** A sound image of qemu-img with some bytes changed. */
function changed(name: string, from: string, label: Label, patches: readonly Patch[]): Recipe {
  return sample(`hostile/${name}`, label, [from], async (shop, file) => {
    await shop.copy(from, file);
    await patch(file, patches);
  });
}

type Container = NonNullable<Label['containerType']>;

const broken = (containerType: Container, safety: readonly SafetyCode[], more: readonly SafetyCode[] = []): Label =>
  untyped({ containerType, mustHaveSafety: safety, mayHaveSafety: more });

const QCOW = 'containers/qcow-mbr';
const QED = 'containers/qed-mbr';
const VDI = 'containers/vdi-mbr';
const PLOOP = 'containers/ploop-mbr';

/** Two layouts, as compilers for two machines padded the same structure (QEMU before 2.2, block/cow.c). */
type CowLayout = 'x86-64' | 'i386';

function cowFile(base: Buffer, layout: CowLayout, backing: string): Buffer {
  const sectors = 131_072;
  const here = 256;
  const wide = layout === 'x86-64';
  const header = wide ? 1056 : 1048;
  const data = Math.ceil((header + sectors / 8) / 512) * 512;
  return assemble(data + here * 512, [
    [0, 'OOOM'],
    [4, be32(2)],
    [8, backing],
    [wide ? 1040 : 1036, be64(sectors * 512)],
    [wide ? 1048 : 1044, be32(512)],
    [header, Buffer.alloc(here / 8, 0xff)],
    [data, base.subarray(0, here * 512)],
  ]);
}

const other = (why: string): Label => typed('other', { mayBeUndetermined: why, mayHaveSafety: ['TRUNCATED'] });

export const hostileRareContainers: readonly Recipe[] = [
  changed('qcow-crypt', QCOW, broken('qcow', ['ENCRYPTED_CONTENT']), [[36, be32(1)]]),
  changed('qcow-cluster-bits-17', QCOW, broken('qcow', ['MALFORMED_HEADER']), [[32, '\x11']]),
  changed('qcow-l2-bits-0', QCOW, broken('qcow', ['MALFORMED_HEADER']), [[33, '\x00']]),
  changed('qcow-l1-beyond-the-end', QCOW, broken('qcow', ['TABLE_OUT_OF_BOUNDS']), [[40, be64(1n << 50n)]]),
  changed(
    'qed-needs-check',
    QED,
    typed('disk', { containerType: 'qed', confidences: NOT_SURE, mustHaveSafety: ['DIRTY'] }),
    [[16, le64(2)]],
  ),
  changed('qed-unknown-bit', QED, broken('qed', ['UNKNOWN_FEATURE_BITS']), [[16, le64(0x80)]]),
  changed('qed-cluster-size-3', QED, broken('qed', ['MALFORMED_HEADER']), [[4, le32(3)]]),
  changed('qed-table-size-32', QED, broken('qed', ['MALFORMED_HEADER'], ['OVERSIZED_TABLE']), [[8, le32(32)]]),
  changed('qed-l1-beyond-the-end', QED, broken('qed', ['TABLE_OUT_OF_BOUNDS']), [[40, le64(1n << 50n)]]),
  changed('vdi-parent', VDI, broken('vdi', ['PARENT_NEEDED']), [
    [76, le32(4)],
    [440, Buffer.alloc(16, 0x55)],
  ]),
  changed('vdi-link', VDI, broken('vdi', ['PARENT_NEEDED']), [[424, Buffer.alloc(16, 0x55)]]),
  changed('vdi-block-extra', VDI, broken('vdi', [], ['MALFORMED_HEADER', 'UNKNOWN_FEATURE_BITS']), [[380, le32(512)]]),
  changed('vdi-map-beyond-the-end', VDI, broken('vdi', ['TABLE_OUT_OF_BOUNDS']), [[340, le32(0xff_ff_fe_00)]]),
  changed('vdi-blocks-huge', VDI, broken('vdi', [], ['OVERSIZED_TABLE', 'TABLE_OUT_OF_BOUNDS', 'MALFORMED_HEADER']), [
    [384, le32(0xff_ff_ff_ff)],
  ]),
  changed('vdi-block-size-0', VDI, broken('vdi', ['MALFORMED_HEADER']), [[376, le32(0)]]),
  changed(
    'ploop-open',
    PLOOP,
    typed('disk', { containerType: 'ploop', confidences: NOT_SURE, mustHaveSafety: ['DIRTY'] }),
    [[44, le32(0x74_6f_6e_59)]],
  ),
  changed('ploop-tracks-0', PLOOP, broken('ploop', ['MALFORMED_HEADER']), [[28, le32(0)]]),
  changed(
    'ploop-table-huge',
    PLOOP,
    broken('ploop', [], ['OVERSIZED_TABLE', 'TABLE_OUT_OF_BOUNDS', 'MALFORMED_HEADER']),
    [[32, le32(0xff_ff_ff_ff)]],
  ),
  changed('ploop-block-beyond-the-end', PLOOP, broken('ploop', ['DATA_OUT_OF_BOUNDS']), [[64, le32(0x7f_ff_ff_ff)]]),
  ...(['x86-64', 'i386'] as const).flatMap((layout) => [
    sample(`hostile/cow-${layout}`, typed('disk', { containerType: 'cow' }), ['disks/mbr.img'], async (shop, file) =>
      writeFile(file, cowFile(await shop.read('disks/mbr.img'), layout, '')),
    ),
    sample(
      `hostile/cow-${layout}-backing`,
      typed('disk', {
        containerType: 'cow',
        mustHaveSafety: ['BACKING_FILE'],
        mayHaveSafety: ['PARENT_NEEDED'],
        mayBeUndetermined: 'part of the guest is elsewhere',
      }),
      ['disks/mbr.img'],
      async (shop, file) => writeFile(file, cowFile(await shop.read('disks/mbr.img'), layout, '/var/lib/base.img')),
    ),
  ]),
  // Disk formats that QEMU reads and the model has no word for.
  sample('hostile/bochs', other('no word for it'), [], (_shop, file) =>
    writeFile(
      file,
      assemble(1024 * 1024, [
        [0, 'Bochs Virtual HD Image'],
        [32, 'Redolog'],
        [48, 'Growing'],
        [64, le32(0x2_0000)],
        [68, le32(512)],
      ]),
    ),
  ),
  sample('hostile/cloop', other('no word for it'), [], (_shop, file) =>
    writeFile(
      file,
      assemble(1024 * 1024, [
        [0, '#!/bin/sh\n#V2.0 Format\nmodprobe cloop file=$0 && mount -r -t iso9660 /dev/cloop $1\n'],
        [128, be32(65_536)],
        [132, be32(1)],
      ]),
    ),
  ),
  sample('hostile/dmg', other('no word for it'), [], (_shop, file) =>
    writeFile(
      file,
      assemble(1024 * 1024, [
        [0, Buffer.from('785e', 'hex')],
        [1024 * 1024 - 512, 'koly'],
        [1024 * 1024 - 508, be32(4)],
        [1024 * 1024 - 504, be32(512)],
      ]),
    ),
  ),
];
