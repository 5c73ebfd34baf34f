import type { FileHead } from '../../reading/file-head.ts';
import { fieldsOf, toOffset, type Fields } from '../../reading/fields.ts';
import { readExactly, Unreadable, type Reading } from '../../reading/reading.ts';
import type { Observations } from '../format/observations.ts';
import { closed, mappedGuest, type Inspected } from '../format/opening.ts';
import { inspectUsualPlace } from './embedded.ts';
import { seSparseMap } from './sesparse-map.ts';
import { SECTOR } from './sparse-header.ts';

/** 0x00000000CAFEBABE, little-endian. */
export const SE_SPARSE_MAGIC: readonly number[] = [0xbe, 0xba, 0xfe, 0xca, 0, 0, 0, 0];

const VERSION = 0x0000_0002_0000_0001n;
const VOLATILE_MAGIC = 0xcafe_cafen;

/**
 * A space-efficient sparse extent of ESX, a delta nearly always; its format is not published, so it is held to exactly what is known of
 * it. Source: QEMU block/vmdk.c, check_se_sparse_const_header and vmdk_open_se_sparse.
 */
export function* inspectSeSparse(file: FileHead, notes: Observations): Reading<Inspected> {
  const { head, size } = file;
  notes.warn('SUBTYPE_REFUSED', 0, 'seSparse: an extent of ESX without its descriptor');
  inspectUsualPlace(file, notes);
  checkConstants(head);
  const sector = (at: number, what: string): number => toOffset(head.u64le(at) * 512n, what);
  const virtualSize = sector(16, 'the capacity');
  const tables = {
    directory: sector(128, 'the grain directory'),
    tables: sector(144, 'the grain tables'),
    grains: sector(192, 'the grains'),
  };
  const directoryLength = sector(136, 'the size of the grain directory');
  if (virtualSize === 0) throw new Unreadable('malformed', 'a capacity of zero');
  // A table has 4096 grains of eight sectors, the directory eight bytes for it.
  if (Math.ceil(virtualSize / (4096 * 8 * SECTOR)) * 8 > directoryLength) {
    throw new Unreadable('malformed', 'the grain directory does not hold the disk');
  }
  if (tables.directory === 0 || (size !== null && tables.directory + directoryLength > size)) {
    notes.warn('TABLE_OUT_OF_BOUNDS', 128, 'the grain directory does not lie in the file behind the header');
    return closed(virtualSize, 'malformed header');
  }
  const stale = yield* journalPending(sector(80, 'the volatile header'));
  if (stale) notes.warn('DIRTY', 80, 'a journal that was not replayed');
  notes.warn('PARENT_NEEDED', 0, 'grains that are not here may be those of a parent');
  const guest = yield* mappedGuest(seSparseMap(tables, virtualSize), file, notes, stale ? 'stale' : 'sound');
  return guest.kind === 'closed' ? closed(virtualSize, 'needs a parent file') : { virtualSize, sectorSize: 512, guest };
}

function checkConstants(head: Fields): void {
  const wanted: readonly (readonly [offset: number, value: bigint, what: string])[] = [
    [8, VERSION, 'version'],
    [24, 8n, 'grain size'],
    [32, 64n, 'grain table size'],
    [40, 0n, 'flags'],
    [48, 0n, 'reserved field'],
    [56, 0n, 'reserved field'],
    [64, 0n, 'reserved field'],
    [72, 0n, 'reserved field'],
  ];
  for (const [offset, value, what] of wanted) {
    if (head.u64le(offset) !== value) throw new Unreadable('malformed', `${what} ${head.u64le(offset)} of seSparse`);
  }
  if (head.slice(208, 512).some((byte) => byte !== 0)) throw new Unreadable('malformed', 'a padding that is not zero');
}

/** Whether the volatile header says that the journal is to be replayed. */
function* journalPending(offset: number): Reading<boolean> {
  const fields = fieldsOf(yield* readExactly(offset, SECTOR));
  if (fields.u64le(0) !== VOLATILE_MAGIC) throw new Unreadable('malformed', `no volatile header at ${offset}`);
  return fields.u64le(24) !== 0n;
}
