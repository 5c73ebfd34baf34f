import type { FileHead } from '../../reading/file-head.ts';
import { fieldsOf, toOffset, type Fields } from '../../reading/fields.ts';
import { readUpTo, Unreadable, type Reading } from '../../reading/reading.ts';
import { crc32cWithoutField } from '../../reading/checksums.ts';
import type { Observations } from '../format/observations.ts';

export interface Region {
  readonly offset: number;
  readonly length: number;
}

export interface Regions {
  readonly blockTable: Region;
  readonly metadata: Region;
}

const TABLE_LENGTH = 64 * 1024;
const PLACES = [192 * 1024, 256 * 1024] as const;
const ENTRY_LENGTH = 32;
const MOST_ENTRIES = 2047;
const MIB = 1024 * 1024;

/** GUIDs in the byte order of the file: the first three groups are little-endian. */
const BLOCK_TABLE = '6677c22d23f600429d64115e9bfd4a08';
const METADATA = '06a27c8b90479a4bb8fe575f050f886e';

/**
 * Reads the regions of the first valid region table ([MS-VHDX] 2.2.3); null, with the reason noted, where a region
 * cannot be used.
 *
 * @throws Unreadable malformed: no table is valid, or the valid one breaks a rule.
 */
export function* readRegions({ size }: FileHead, notes: Observations): Reading<Regions | null> {
  const [first, second] = [yield* readTable(PLACES[0]), yield* readTable(PLACES[1])];
  const table = first ?? second;
  if (table === null) throw new Unreadable('malformed', 'neither region table is valid');
  const at = first === null ? PLACES[1] : PLACES[0];
  if (first === null || second === null || Buffer.compare(first.bytes, second.bytes) !== 0) {
    notes.warn('HEADERS_DISAGREE', PLACES[1], 'the two region tables are not the same');
  }
  const regions = new Map<string, Region>();
  for (const entry of entriesOf(table)) {
    if (entry.guid !== BLOCK_TABLE && entry.guid !== METADATA) {
      if (!entry.required) continue;
      notes.warn('UNKNOWN_FEATURE_BITS', at, 'a required region that the format does not know');
      return null;
    }
    if (regions.has(entry.guid)) throw new Unreadable('malformed', 'a region that is listed twice');
    const region = { offset: toOffset(entry.offset, 'the offset of a region'), length: entry.length };
    if (region.offset < MIB || region.offset % MIB !== 0 || region.length % MIB !== 0 || region.length === 0) {
      throw new Unreadable('malformed', `a region of ${region.length} bytes at ${region.offset}`);
    }
    if (size !== null && region.offset + region.length > size) {
      notes.warn('TABLE_OUT_OF_BOUNDS', at, `a region of ${region.length} bytes at ${region.offset}`);
      return null;
    }
    regions.set(entry.guid, region);
  }
  return bothOf(regions);
}

function* readTable(offset: number): Reading<Fields | null> {
  const fields = fieldsOf(yield* readUpTo(offset, TABLE_LENGTH));
  if (!fields.has(0, TABLE_LENGTH) || !fields.is(0, 'regi')) return null;
  return crc32cWithoutField(fields.bytes, 4) === fields.u32le(4) ? fields : null;
}

interface Entry {
  readonly guid: string;
  readonly offset: bigint;
  readonly length: number;
  readonly required: boolean;
}

function* entriesOf(table: Fields): Iterable<Entry> {
  const count = table.u32le(8);
  if (count > MOST_ENTRIES) throw new Unreadable('malformed', `a region table of ${count} entries`);
  for (let index = 0; index < count; index += 1) {
    const start = 16 + index * ENTRY_LENGTH;
    yield {
      guid: Buffer.from(table.slice(start, start + 16)).toString('hex'),
      offset: table.u64le(start + 16),
      length: table.u32le(start + 24),
      required: (table.u32le(start + 28) & 1) === 1,
    };
  }
}

function bothOf(regions: ReadonlyMap<string, Region>): Regions {
  const blockTable = regions.get(BLOCK_TABLE);
  const metadata = regions.get(METADATA);
  if (blockTable === undefined || metadata === undefined) {
    throw new Unreadable('malformed', 'a region that every VHDX has is not listed');
  }
  const [lower, upper] = blockTable.offset < metadata.offset ? [blockTable, metadata] : [metadata, blockTable];
  if (lower.offset + lower.length > upper.offset) throw new Unreadable('malformed', 'two regions overlap');
  return { blockTable, metadata };
}
