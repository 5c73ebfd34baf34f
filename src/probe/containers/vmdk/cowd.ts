import type { FileHead } from '../../reading/file-head.ts';
import { Unreadable, type Reading } from '../../reading/reading.ts';
import type { Observations } from '../format/observations.ts';
import { closed, mapped, type Inspected } from '../format/opening.ts';
import { inspectUsualPlace } from './embedded-descriptor.ts';
import { tabledGrains } from './grain-map.ts';
import { SECTOR } from './sparse-header.ts';

export const COWD_MAGIC = 'COWD';

const ENTRIES_PER_TABLE = 4096;
const LARGEST_GRAIN = 0x200000;
const INCONSISTENT = 4;
/** A disk without a parent has its geometry here, whose words hold zeros; a delta has a name. */
const PARENT_NAME = /^[ -~\u0080-\u00ff]{4}/;
/** Offset behind names and descriptions, which are not read. */
const UNCLEAN_OFFSET = 1648;

/**
 * A sparse extent of ESX (vmfsSparse), used mostly for changes against a parent. Only the descriptor, a separate file,
 * says whether there is a parent: the header of a delta looks like that of a whole disk. So missing grains are never
 * taken for zeros. Source: VMware, "Virtual Disk Format 5.0", "ESX Server Sparse Extents".
 */
export function* inspectCowd(file: FileHead, notes: Observations): Reading<Inspected> {
  const { head, size } = file;
  const flags = head.u32le(8);
  const [capacity, grainSize] = [head.u32le(12), head.u32le(16)];
  const [directory, tables] = [head.u32le(20) * SECTOR, head.u32le(24)];
  notes.warn('SUBTYPE_REFUSED', 0, 'COWD: an extent of ESX without its descriptor');
  inspectUsualPlace(file, notes);
  if (PARENT_NAME.test(head.text(32, Math.min(head.length, 32 + 1024)))) {
    notes.warn('BACKING_FILE', 32, 'COWD: the header names the file of a parent');
  }
  if (head.u32le(4) !== 1) throw new Unreadable('malformed', `version ${head.u32le(4)} of COWD`);
  if (capacity === 0 || grainSize === 0 || grainSize > LARGEST_GRAIN) {
    throw new Unreadable('malformed', `${capacity} sectors in grains of ${grainSize}`);
  }
  if (tables * ENTRIES_PER_TABLE * grainSize < capacity) {
    throw new Unreadable('malformed', `${tables} grain tables do not hold the disk`);
  }
  const virtualSize = capacity * SECTOR;
  const needed = Math.ceil(capacity / (ENTRIES_PER_TABLE * grainSize));
  if (directory === 0 || (size !== null && directory + needed * 4 > size)) {
    notes.warn('TABLE_OUT_OF_BOUNDS', 20, 'the grain directory does not lie in the file behind the header');
    return closed(virtualSize, 'malformed header');
  }
  const unclean = (flags & INCONSISTENT) !== 0 || (head.has(UNCLEAN_OFFSET, 4) && head.u32le(UNCLEAN_OFFSET) !== 0);
  if (unclean) notes.warn('DIRTY', 8, 'the extent was not closed');
  notes.warn('PARENT_NEEDED', 8, 'grains that are not here may be those of a parent');
  const map = tabledGrains({
    directory,
    entriesPerTable: ENTRIES_PER_TABLE,
    grainBytes: grainSize * SECTOR,
    virtualSize,
    unallocated: { kind: 'elsewhere' },
    locateGrain: (sector) =>
      sector === 0 ? { kind: 'elsewhere' } : { kind: 'stored', offset: sector * SECTOR, whole: true },
  });
  return yield* mapped(map, file, notes, { tables: unclean ? 'stale' : 'sound', rest: 'a parent file' });
}
