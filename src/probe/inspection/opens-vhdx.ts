import type { LayerFacts } from '../../model/inspection.ts';
import { Observations, type OpenedContainer } from '../containers/format/opening.ts';
import { PARENT_LOCATOR, readMetadata, readRegions, SYSTEM_ITEMS, type Region } from '../containers/vhdx/regions.ts';
import { fieldsOf, type Fields } from '../reading/fields.ts';
import { crc32cWithoutField } from '../reading/checksums.ts';
import { attempted, readExactly, type Reading } from '../reading/reading.ts';

const HEADERS = [64 * 1024, 128 * 1024] as const;
const REGION_TABLE = 192 * 1024;
const TABLE_LENGTH = 64 * 1024;
const ENTRY_LENGTH = 32;
const MIB = 1024 * 1024;
/** Bytes of a block allocation table that are read; QEMU reads all of it, and a longer one is not predicted. */
const MOST_TABLE = MIB;
const SECTORS_PER_CHUNK = 2 ** 23;
const FULLY_PRESENT = 6n;

/** Items that QEMU wants once each: all that the format knows, but for the parent, which it does not follow. */
const WANTED = [...SYSTEM_ITEMS.keys()].filter((guid) => guid !== PARENT_LOCATOR);

/**
 * Whether QEMU opens a VHDX (block/vhdx.c of 7.2, vhdx_open). It follows no parent, knows sectors of 512 bytes only,
 * and refuses a table with one block past the end of the file or over another structure. Null where anything in the
 * file is out of the ordinary.
 */
export function* opensVhdx(
  size: number | null,
  tables: LayerFacts['vhdx-tables'],
  container: OpenedContainer | null,
): Reading<boolean | null> {
  if (tables === undefined || tables === null) return null;
  if (tables !== 'sound' && tables !== 'cut') return false;
  if (size === null || container === null || container.guest.kind !== 'mapped') return null;
  if (container.safety.includes('PARENT_NEEDED') || container.sectorSize !== 512) return false;
  if (container.safety.some((code) => code !== 'HEADERS_DISAGREE') || container.guest.tables !== 'sound') return null;
  return yield* attempted(checked(size));
}

function* checked(size: number): Reading<boolean | null> {
  const regions = yield* readRegions({ head: fieldsOf(new Uint8Array(0)), size }, new Observations());
  const first = fieldsOf(yield* readExactly(REGION_TABLE, TABLE_LENGTH));
  // QEMU reads no second table.
  if (crc32cWithoutField(first.bytes, 4) !== first.u32le(4)) return false;
  const disk = regions === null ? null : yield* readMetadata(regions.metadata, new Observations());
  // A region of another kind may be in the way of a block.
  if (regions === null || disk === null || first.u32le(8) !== 2) return null;
  const items = itemsOf(fieldsOf(yield* readExactly(regions.metadata.offset, TABLE_LENGTH)));
  const occurrences = (guid: string): number => items.filter((item) => item === guid).length;
  if (WANTED.some((guid) => occurrences(guid) !== 1) || occurrences(PARENT_LOCATOR) > 0) return false;
  const log = yield* readLog();
  if (log === null) return null;
  const taken = [regions.blockTable, regions.metadata, log];
  const blocks = Math.ceil(disk.virtualSize / disk.blockSize);
  const ratio = (SECTORS_PER_CHUNK * disk.sectorSize) / disk.blockSize;
  const entries = blocks + Math.floor((blocks - 1) / ratio);
  if (entries * 8 > MOST_TABLE) return null;
  const table = fieldsOf(yield* readExactly(regions.blockTable.offset, entries * 8));
  const end = BigInt(Math.ceil(size / 512) * 512);
  const [block, total] = [BigInt(disk.blockSize), BigInt(disk.virtualSize)];
  for (let index = 0; index < entries; index += 1) {
    const entry = table.u64le(index * 8);
    if ((entry & 7n) !== FULLY_PRESENT) continue;
    const offset = (entry >> 20n) << 20n;
    // The index counts the entries of bitmaps too, and the difference may wrap: as in QEMU.
    const rest = BigInt.asUintN(64, total - BigInt(index) * block);
    if (offset >= end || offset + (rest < block ? rest : block) > end) return false;
    const isPayload = index % (ratio + 1) !== ratio;
    if (isPayload && taken.some((region) => overlaps(region, offset, block))) return false;
  }
  return true;
}

function itemsOf(table: Fields): readonly string[] {
  const items = Math.min(table.u16le(10), TABLE_LENGTH / ENTRY_LENGTH - 1);
  return Array.from({ length: items }, (_, index) => {
    const at = (index + 1) * ENTRY_LENGTH;
    return Buffer.from(table.slice(at, at + 16)).toString('hex');
  });
}

/** The log; null where the two headers do not agree on it. */
function* readLog(): Reading<Region | null> {
  const [one, other] = [yield* readExactly(HEADERS[0], 80), yield* readExactly(HEADERS[1], 80)];
  if (Buffer.compare(one.subarray(68), other.subarray(68)) !== 0) return null;
  const header = fieldsOf(one);
  return { offset: Number(header.u64le(72)), length: header.u32le(68) };
}

function overlaps({ offset, length }: Region, start: bigint, blockLength: bigint): boolean {
  return start < BigInt(offset + length) && start + blockLength > BigInt(offset);
}
