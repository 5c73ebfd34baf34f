import { type FileHead, fieldsOf, toOffset, type Fields } from '../../reading/fields.ts';
import { readUpTo, Unreadable, type Reading, readExactly } from '../../reading/reading.ts';
import { crc32cWithoutField } from '../../reading/checksums.ts';
import type { Observations } from '../format/opening.ts';

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
export const METADATA_REGION = '06a27c8b90479a4bb8fe575f050f886e';

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
    if (entry.guid !== BLOCK_TABLE && entry.guid !== METADATA_REGION) {
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

function* entriesOf(table: Fields) {
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
  const metadata = regions.get(METADATA_REGION);
  if (blockTable === undefined || metadata === undefined) {
    throw new Unreadable('malformed', 'a region that every VHDX has is not listed');
  }
  const [lower, upper] = blockTable.offset < metadata.offset ? [blockTable, metadata] : [metadata, blockTable];
  if (lower.offset + lower.length > upper.offset) throw new Unreadable('malformed', 'two regions overlap');
  return { blockTable, metadata };
}

export interface VhdxDisk {
  /** Guest bytes in a block: a power of two, 1 to 256 MiB. */
  readonly blockSize: number;
  readonly hasParent: boolean;
  readonly virtualSize: number;
  /** 512 or 4096. */
  readonly sectorSize: number;
}

/** Every known writer puts the items here, right behind the table, so one request reads both. */
const USUAL_ITEMS = 4096;
/** 64 TiB, [MS-VHDX] 2.6.2.2. */
const LARGEST_DISK = 64 * 2 ** 40;

/** System items and their lengths. GUIDs are in the byte order of the file. */
const FILE_PARAMETERS = '3767a1ca36fa434db3b633f0aa44e76b';
export const DISK_SIZE = '2442a52f1bcd7648b2115dbed83bf4b8';
const LOGICAL_SECTOR = '1dbf41816fa90947ba47f233a8faab5f';
export const PARENT_LOCATOR = '2d5fd3a80bb34d45abf7d3d84834ab0c';
export const SYSTEM_ITEMS: ReadonlyMap<string, number> = new Map([
  [FILE_PARAMETERS, 8],
  [DISK_SIZE, 8],
  [LOGICAL_SECTOR, 4],
  // Physical sector size, page 83 data, parent locator: not needed to map.
  ['c748a3cd5d4471449cc9e9885251c556', 4],
  ['ab12cabee6b2234593efc309e000c746', 16],
  [PARENT_LOCATOR, 20],
]);

/**
 * Reads what the metadata region says about the disk ([MS-VHDX] 2.6); null, with the reason noted, where it requires an
 * item that no specification lists.
 *
 * @throws Unreadable malformed or truncated.
 */
export function* readMetadata(region: Region, notes: Observations): Reading<VhdxDisk | null> {
  const items = yield* listItems(region, notes);
  if (items === null) return null;
  const parameters = yield* readItem(items, FILE_PARAMETERS);
  const size = yield* readItem(items, DISK_SIZE);
  const sector = yield* readItem(items, LOGICAL_SECTOR);
  const disk = {
    blockSize: parameters.u32le(0),
    hasParent: (parameters.u32le(4) & 2) !== 0,
    virtualSize: toOffset(size.u64le(0), 'the size of the disk'),
    sectorSize: sector.u32le(0),
  };
  check(disk);
  notes.saw(region.offset, `metadata: blocks of ${disk.blockSize} bytes, sectors of ${disk.sectorSize}`);
  return disk;
}

function* listItems(region: Region, notes: Observations): Reading<ReadonlyMap<string, number> | null> {
  const start = fieldsOf(yield* readUpTo(region.offset, TABLE_LENGTH + USUAL_ITEMS));
  if (!start.is(0, 'metadata')) throw new Unreadable('malformed', `no metadata table at ${region.offset}`);
  const count = start.u16le(10);
  if (count > MOST_ENTRIES) throw new Unreadable('malformed', `a metadata table of ${count} entries`);
  const table = fieldsOf(start.slice(ENTRY_LENGTH, ENTRY_LENGTH + count * ENTRY_LENGTH));
  const items = new Map<string, number>();
  for (let entry = 0; entry < table.length; entry += ENTRY_LENGTH) {
    const guid = Buffer.from(table.slice(entry, entry + 16)).toString('hex');
    const [offset, length, flags] = [table.u32le(entry + 16), table.u32le(entry + 20), table.u32le(entry + 24)];
    const least = (flags & 1) === 0 ? SYSTEM_ITEMS.get(guid) : undefined;
    if (least === undefined) {
      if ((flags & 4) === 0) continue;
      notes.warn('UNKNOWN_FEATURE_BITS', region.offset, 'a required metadata item that the format does not know');
      return null;
    }
    if (offset < TABLE_LENGTH || length < least || offset + length > region.length) {
      throw new Unreadable('malformed', `a metadata item of ${length} bytes at ${offset} of its region`);
    }
    if (items.has(guid)) throw new Unreadable('malformed', 'a metadata item that is listed twice');
    items.set(guid, region.offset + offset);
  }
  return items;
}

function* readItem(items: ReadonlyMap<string, number>, guid: string): Reading<Fields> {
  const offset = items.get(guid);
  if (offset === undefined) throw new Unreadable('malformed', 'a metadata item that every VHDX has is not listed');
  return fieldsOf(yield* readExactly(offset, SYSTEM_ITEMS.get(guid) ?? 0));
}

function check({ blockSize, virtualSize, sectorSize }: VhdxDisk): void {
  if (blockSize < MIB || blockSize > 256 * MIB || !Number.isInteger(Math.log2(blockSize))) {
    throw new Unreadable('malformed', `blocks of ${blockSize} bytes`);
  }
  if (sectorSize !== 512 && sectorSize !== 4096) throw new Unreadable('malformed', `sectors of ${sectorSize} bytes`);
  if (virtualSize === 0 || virtualSize > LARGEST_DISK || virtualSize % sectorSize !== 0) {
    throw new Unreadable('malformed', `a disk of ${virtualSize} bytes`);
  }
}
