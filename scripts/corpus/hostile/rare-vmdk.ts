import { writeFile } from 'node:fs/promises';
import { assemble, le32, le64 } from '../bytes.ts';
import { type Label, typed, untyped } from '../label.ts';
import { type Recipe, sample } from '../recipe.ts';

const SECTOR = 512;

/** Formats of ESX that no free program writes. */
export const rareVmdk: readonly Recipe[] = [
  sample('hostile/vmdk-cowd', cowd(''), ['disks/mbr.img'], async (shop, file) =>
    writeFile(file, cowdFile(await shop.read('disks/mbr.img'), '')),
  ),
  sample('hostile/vmdk-cowd-parent', cowd('parent'), ['disks/mbr.img'], async (shop, file) =>
    writeFile(file, cowdFile(await shop.read('disks/mbr.img'), '/vmfs/volumes/base.vmdk')),
  ),
  sample(
    'hostile/vmdk-sesparse',
    untyped({
      containerType: 'vmdk',
      mayHaveSafety: ['SUBTYPE_REFUSED', 'PARENT_NEEDED', 'MALFORMED_HEADER', 'TABLE_OUT_OF_BOUNDS'],
    }),
    [],
    (_shop, file) =>
      writeFile(
        file,
        assemble(1024 * 1024, [
          [0, le64(0xca_fe_ba_be)],
          [8, le64(0x2_0000_0001)],
          [16, le64(131_072)],
          [24, le64(8)],
          [32, le64(64)],
          [40, le64(0)],
        ]),
      ),
  ),
];

function cowd(parent: string): Label {
  const more = ['SUBTYPE_REFUSED', 'PARENT_NEEDED'] as const;
  if (parent === '')
    return typed('disk', { containerType: 'vmdk', mayHaveSafety: more, mayBeUndetermined: 'nearly always a delta' });
  return typed('disk', {
    containerType: 'vmdk',
    mustHaveSafety: ['PARENT_NEEDED', 'BACKING_FILE'],
    mayHaveSafety: more,
    mayBeUndetermined: 'a delta',
  });
}

/** ESX's own sparse format: one directory, tables of 4096, grains of one sector (libvmdk documentation, COWD). */
function cowdFile(base: Buffer, parent: string): Buffer {
  const sectors = 256;
  const directory = 4;
  const table = 8;
  const data = table + 32;
  const entries = Buffer.alloc(4096 * 4);
  for (let sector = 0; sector < sectors; sector += 1) entries.writeUInt32LE(data + sector, sector * 4);
  return assemble((data + sectors) * SECTOR, [
    [0, 'COWD'],
    [4, le32(1)],
    [8, le32(3)],
    [12, le32(131_072)],
    [16, le32(1)],
    [20, le32(directory)],
    [24, le32(32)],
    [28, le32(data + sectors)],
    [32, parent],
    [directory * SECTOR, le32(table)],
    [table * SECTOR, entries],
    [data * SECTOR, base.subarray(0, sectors * SECTOR)],
  ]);
}
