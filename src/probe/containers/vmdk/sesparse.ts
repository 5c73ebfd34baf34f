import type { FileHead } from '../../reading/file-head.ts';
import { fieldsOf, toOffset, type Fields } from '../../reading/fields.ts';
import { readExactly, Unreadable, type Reading } from '../../reading/reading.ts';
import type { Observations } from '../format/observations.ts';
import { closed, mapped, type Inspected } from '../format/opening.ts';
import { inspectUsualPlace } from './embedded-descriptor.ts';
import type { BlockMap, BlockPlace } from '../format/block-map.ts';
import { lostTable, malformedEntry, offsetOrLost, twoLevelMap } from '../format/block-table.ts';
import { SECTOR } from './sparse-header.ts';

/** 0x00000000CAFEBABE, little-endian. */
export const SE_SPARSE_MAGIC: readonly number[] = [0xbe, 0xba, 0xfe, 0xca, 0, 0, 0, 0];

const GRAIN_BYTES = 4096;
/** Entries of a grain table; entries of tables and directory have eight bytes. */
const ENTRIES_PER_TABLE = 4096;
const TABLE_BYTES = ENTRIES_PER_TABLE * 8;
/** Upper half of a directory entry that names a table. */
const TABLE_TAG = 0x1000_0000n;
const VERSION = 0x0000_0002_0000_0001n;
const VOLATILE_MAGIC = 0xcafe_cafen;

/**
 * A space-efficient sparse extent of ESX, nearly always a delta. Its format is not published, so every field must have
 * exactly the known value. Source: QEMU block/vmdk.c, check_se_sparse_const_header and vmdk_open_se_sparse.
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
  if (Math.ceil(virtualSize / (ENTRIES_PER_TABLE * GRAIN_BYTES)) * 8 > directoryLength) {
    throw new Unreadable('malformed', 'the grain directory does not hold the disk');
  }
  if (tables.directory === 0 || (size !== null && tables.directory + directoryLength > size)) {
    notes.warn('TABLE_OUT_OF_BOUNDS', 128, 'the grain directory does not lie in the file behind the header');
    return closed(virtualSize, 'malformed header');
  }
  const stale = yield* journalPending(sector(80, 'the volatile header'));
  if (stale) notes.warn('DIRTY', 80, 'a journal that was not replayed');
  notes.warn('PARENT_NEEDED', 0, 'grains that are not here may be those of a parent');
  const map = seSparseMap(tables, virtualSize);
  return yield* mapped(map, file, notes, { tables: stale ? 'stale' : 'sound', rest: 'a parent file' });
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

/** Whether the volatile header asks to replay the journal. */
function* journalPending(offset: number): Reading<boolean> {
  const fields = fieldsOf(yield* readExactly(offset, SECTOR));
  if (fields.u64le(0) !== VOLATILE_MAGIC) throw new Unreadable('malformed', `no volatile header at ${offset}`);
  return fields.u64le(24) !== 0n;
}

/** File offsets in bytes. */
interface SeSparseTables {
  readonly directory: number;
  readonly tables: number;
  readonly grains: number;
}

/** Maps a seSparse extent (QEMU block/vmdk.c, get_cluster_offset). Grains that are not allocated may be in a parent. */
function seSparseMap({ directory, tables, grains }: SeSparseTables, virtualSize: number): BlockMap {
  return twoLevelMap({
    blockSize: GRAIN_BYTES,
    virtualSize,
    directoryOffset: directory,
    directoryWidth: 8,
    entriesPerTable: ENTRIES_PER_TABLE,
    entryWidth: 8,
    tableOf: (entries, offset, at) => {
      const entry = entries.u64le(offset);
      if (entry === 0n) return { kind: 'elsewhere' };
      if (entry >> 32n !== TABLE_TAG) {
        return malformedEntry(at, 'an entry of the grain directory that names no table');
      }
      const table = tables + Number(entry & 0xffff_ffffn) * TABLE_BYTES;
      return Number.isSafeInteger(table + TABLE_BYTES) ? table : lostTable(at, 'a grain table beyond any file');
    },
    placesOf: (entries, offset, at) => [placeOf(entries.u64le(offset), grains, at)],
    whenCut: (where) =>
      where.kind === 'directory'
        ? lostTable(where.directoryEntry, 'the grain directory is cut short')
        : lostTable(where.table, 'a grain table past the end of the file'),
  });
}

function placeOf(entry: bigint, grains: number, at: number): BlockPlace {
  const state = Number(entry >> 60n);
  if (state === 0) return { kind: 'elsewhere' };
  if (state === 1 || state === 2) return { kind: 'zeros' };
  // Bits 48 to 59 of the entry are the lowest bits of the grain number.
  const grain = ((entry >> 48n) & 0xfffn) | ((entry & 0xffff_ffff_ffffn) << 12n);
  const offset = offsetOrLost(BigInt(grains) + grain * BigInt(GRAIN_BYTES), 'DATA_OUT_OF_BOUNDS', at);
  if (state !== 3) return malformedEntry(at, `a grain in state ${state}`);
  return typeof offset === 'number' ? { kind: 'stored', offset, whole: true } : offset;
}
