import type { ContainerFormat } from '../format/container.ts';
import type { FileHead } from '../../reading/file-head.ts';
import type { Reading } from '../../reading/reading.ts';
import type { Observations } from '../format/observations.ts';
import { closed, mapped, openingWith, type Inspected } from '../format/opening.ts';
import { tableEntries, vhdxMap } from './vhdx-map.ts';
import { currentHeader } from './headers.ts';
import { readMetadata } from './metadata.ts';
import { readRegions } from './regions.ts';

const MAGIC = 'vhdxfile';

/**
 * VHDX: fixed, dynamic and differencing. Sources: Microsoft, [MS-VHDX] "Virtual Hard Disk v2 (VHDX) File Format"; QEMU
 * block/vhdx.c.
 */
export const VHDX: ContainerFormat = {
  containerType: 'vhdx',
  magics: [{ offset: 0, bytes: MAGIC }],
  recognise: ({ head }) => (head.is(0, MAGIC) ? { offset: 0, detail: 'vhdxfile: VHDX file identifier' } : null),
  open: openingWith('vhdx', inspect),
};

function* inspect(file: FileHead, notes: Observations): Reading<Inspected> {
  const header = yield* currentHeader(file, notes);
  const regions = yield* readRegions(file, notes);
  if (regions === null) return closed(null, 'malformed header');
  const disk = yield* readMetadata(regions.metadata, notes);
  if (disk === null) return closed(null, 'unknown metadata');
  const { virtualSize, sectorSize } = disk;
  if (tableEntries(disk) * 8 > regions.blockTable.length) {
    notes.warn(
      'TABLE_OUT_OF_BOUNDS',
      regions.blockTable.offset,
      'the block allocation table is too short for the disk',
    );
    return closed(virtualSize, 'malformed header');
  }
  if (disk.hasParent) notes.warn('PARENT_NEEDED', regions.metadata.offset, 'file parameters: the disk has a parent');
  const tables = header.logPending ? 'stale' : 'sound';
  return yield* mapped(vhdxMap(disk, regions.blockTable.offset), file, notes, {
    tables,
    sectorSize,
    rest: 'a parent file',
  });
}
