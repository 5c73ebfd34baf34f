import { type FileHead, fieldsOf, toOffset, type Fields } from '../../reading/fields.ts';
import { Unreadable, type Reading, readExactly } from '../../reading/reading.ts';
import { type Observations, closed, mapped, type Inspected } from '../format/opening.ts';
import { inspectUsualPlace } from './descriptor.ts';
import { tabledGrains } from './grain-map.ts';
import { SECTOR } from './sparse-header.ts';
import {
  type BlockMap,
  type BlockPlace,
  lostTable,
  malformedEntry,
  offsetOrLost,
  twoLevelMap,
} from '../format/block-table.ts';

export const COWD_MAGIC = 'COWD';

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

/**
 * Maps a seSparse extent by the file offsets of its parts (QEMU block/vmdk.c, get_cluster_offset). Grains that are not
 * allocated may be in a parent.
 */
function seSparseMap(
  { directory, tables, grains }: Readonly<Record<'directory' | 'tables' | 'grains', number>>,
  virtualSize: number,
): BlockMap {
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
