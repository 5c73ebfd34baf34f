import type { Reading } from '../../reading/reading.ts';
import type { BlockMap, BlockPlace } from '../format/block-map.ts';
import { malformedEntry, offsetOrLost, readEntries } from '../format/block-table.ts';

const GRAIN_BYTES = 4096;
const ENTRIES_PER_TABLE = 4096;
const TABLE_BYTES = ENTRIES_PER_TABLE * 8;

/** Upper half of a directory entry that names a table. */
const TABLE_TAG = 0x1000_0000n;

/** File offsets in bytes. */
export interface SeSparseTables {
  readonly directory: number;
  readonly tables: number;
  readonly grains: number;
}

/** Grains of a seSparse extent (QEMU block/vmdk.c, get_cluster_offset). Those that are not allocated may be a parent's. */
export function seSparseMap(tables: SeSparseTables, virtualSize: number): BlockMap {
  return {
    blockSize: GRAIN_BYTES,
    virtualSize,
    locate: function* locate(first, count) {
      const places: BlockPlace[] = [];
      for (let next = first; next < first + count;) {
        const table = Math.floor(next / ENTRIES_PER_TABLE);
        const from = next % ENTRIES_PER_TABLE;
        const to = Math.min(ENTRIES_PER_TABLE, from + first + count - next);
        places.push(...(yield* locateInTable(tables, table, from, to)));
        next += to - from;
      }
      return places;
    },
  };
}

function* locateInTable(
  tables: SeSparseTables,
  table: number,
  from: number,
  to: number,
): Reading<readonly BlockPlace[]> {
  const all = (place: BlockPlace): BlockPlace[] => Array.from({ length: to - from }, () => place);
  const at = tables.directory + table * 8;
  const directory = yield* readEntries(at, 0, 1, 8);
  if (!directory.has(0, 8)) return all(lost(at, 'the grain directory is cut short'));
  const entry = directory.u64le(0);
  if (entry === 0n) return all({ kind: 'elsewhere' });
  if (entry >> 32n !== TABLE_TAG) return all(malformedEntry(at, 'an entry of the grain directory that names no table'));
  const offset = tables.tables + Number(entry & 0xffff_ffffn) * TABLE_BYTES;
  if (!Number.isSafeInteger(offset + TABLE_BYTES)) return all(lost(at, 'a grain table beyond any file'));
  const entries = yield* readEntries(offset, from, to - from, 8);
  return Array.from({ length: to - from }, (_, index) =>
    entries.has(index * 8, 8)
      ? placeOf(entries.u64le(index * 8), tables.grains, offset + (from + index) * 8)
      : lost(offset, 'a grain table past the end of the file'),
  );
}

function placeOf(entry: bigint, grains: number, at: number): BlockPlace {
  const state = Number(entry >> 60n);
  if (state === 0) return { kind: 'elsewhere' };
  if (state === 1 || state === 2) return { kind: 'zeros' };
  // The upper twelve bits of the number are its lower digits.
  const grain = ((entry >> 48n) & 0xfffn) | ((entry & 0xffff_ffff_ffffn) << 12n);
  const offset = offsetOrLost(BigInt(grains) + grain * BigInt(GRAIN_BYTES), 'DATA_OUT_OF_BOUNDS', at);
  if (state !== 3) return malformedEntry(at, `a grain in state ${state}`);
  return typeof offset === 'number' ? { kind: 'stored', offset, whole: true } : offset;
}

function lost(at: number, why: string): BlockPlace {
  return { kind: 'lost', code: 'TABLE_OUT_OF_BOUNDS', at, why };
}
