import type { LayerFacts } from '../../model/inspection.ts';
import { fieldsOf, type Fields } from '../reading/fields.ts';
import { DISK_SIZE, METADATA_REGION } from '../containers/vhdx/regions.ts';
import { attempted, type Reading } from '../reading/reading.ts';
import type { LayerReader } from './seen-bytes.ts';

type TablesFact = NonNullable<LayerFacts['vhdx-tables']> | null;

const REGION_TABLE = 192 * 1024;
const TABLE_LENGTH = 64 * 1024;
const REGION_TABLE_END = REGION_TABLE + TABLE_LENGTH;
const ENTRY_LENGTH = 32;
const MOST_ENTRIES = 2047;
/** Entries begin behind a header of 16 bytes in the region table, of 32 bytes in the metadata table. */
const [FIRST_REGION, FIRST_ITEM] = [16, 32];
/**
 * How far the inspectors get on their way to the size of the disk (oslo.utils, format_inspector.py, VHDXInspector).
 * They take no second region table and no checksum into account. Null also for a layout in which that way depends on
 * the size of the steps in which they read: a place that lies before the table that names it ends.
 */
export function* vhdxTables(size: number | null, read: LayerReader): Reading<TablesFact> {
  const table = yield* wholeOrCut(size, read, REGION_TABLE, TABLE_LENGTH);
  if (!(typeof table === 'object' && table !== null)) return table;
  const regions = table.u32le(8);
  if (!table.is(0, 'regi') || regions > MOST_ENTRIES) return 'no-region-table';
  const region = entryOf(table, FIRST_REGION, regions, METADATA_REGION);
  if (region === null) return 'no-metadata-entry';
  const place = table.u64le(region + 16);
  if (place > BigInt(Number.MAX_SAFE_INTEGER)) return 'cut';
  return place < REGION_TABLE_END ? null : yield* metadataTable(Number(place), size, read);
}

function* metadataTable(place: number, size: number | null, read: LayerReader): Reading<TablesFact> {
  if (size !== null && size < place + FIRST_ITEM) return 'cut';
  const start = yield* attempted(read(place, TABLE_LENGTH));
  if (start === null) return null;
  const table = fieldsOf(start);
  if (!table.has(0, FIRST_ITEM)) return size === null ? 'cut' : null;
  if (!table.is(0, 'metadata')) return 'no-metadata-signature';
  const items = table.u16le(10);
  const end = FIRST_ITEM + items * ENTRY_LENGTH;
  const item = end <= start.length && items <= MOST_ENTRIES ? entryOf(table, FIRST_ITEM, items, DISK_SIZE) : null;
  if (item === null) return start.length === TABLE_LENGTH ? 'no-size-item' : isEnd(place + start.length, size);
  const [offset, length] = [table.u32le(item + 16), Math.min(table.u32le(item + 20), TABLE_LENGTH)];
  if (offset < TABLE_LENGTH) return null;
  if (size !== null) return place + offset + length <= size ? 'sound' : 'cut';
  const bytes = yield* attempted(read(place + offset, length));
  return bytes === null ? null : bytes.length === length ? 'sound' : 'cut';
}

/** `cut` where a short answer is the end of the file, null where the rest was not read. */
function isEnd(reached: number, size: number | null): 'cut' | null {
  return size === null || reached === size ? 'cut' : null;
}

function* wholeOrCut(
  size: number | null,
  read: LayerReader,
  offset: number,
  length: number,
): Reading<Fields | 'cut' | null> {
  if (size !== null && size < offset + length) return 'cut';
  const bytes = yield* attempted(read(offset, length));
  if (bytes === null) return null;
  return bytes.length === length ? fieldsOf(bytes) : isEnd(offset + bytes.length, size);
}

/** Offset of the first entry with a GUID among `count` entries; null where there is none. */
function entryOf(table: Fields, first: number, count: number, guid: string): number | null {
  for (let at = first; at < first + count * ENTRY_LENGTH; at += ENTRY_LENGTH) {
    if (Buffer.from(table.slice(at, at + 16)).toString('hex') === guid) return at;
  }
  return null;
}
