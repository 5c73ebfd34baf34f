import { fieldsOf } from '../../reading/fields.ts';
import { readUpTo, type Reading } from '../../reading/reading.ts';
import {
  type BlockMap,
  type TablePart,
  type BlockPlace,
  lostTable,
  malformedEntry,
  partsByTable,
  readEntries,
  repeated,
} from '../format/block-table.ts';
import { type VhdxDisk, readMetadata, readRegions } from './regions.ts';
import { type ContainerFormat, closed, mapped, openingWith } from '../format/opening.ts';
import { currentHeader } from './headers.ts';

/** Sectors that one bitmap block (1 MiB) covers. */
const SECTORS_PER_CHUNK = 2 ** 23;
const MIB = 1024 * 1024;

/** States of a payload block, [MS-VHDX] 2.5.1.1. */
const NOT_PRESENT = 0;
/** Undefined, zero, unmapped. 5 meant unmapped before version 1 of the specification (QEMU block/vhdx.h). */
const ZEROS: readonly number[] = [1, 2, 3, 5];
const FULLY_PRESENT = 6;
const PARTIALLY_PRESENT = 7;

/** Payload blocks between two entries for bitmap blocks. */
function chunkRatio({ sectorSize, blockSize }: VhdxDisk): number {
  return (SECTORS_PER_CHUNK * sectorSize) / blockSize;
}

function tableEntries(disk: VhdxDisk): number {
  const blocks = Math.ceil(disk.virtualSize / disk.blockSize);
  const ratio = chunkRatio(disk);
  return disk.hasParent ? Math.ceil(blocks / ratio) * (ratio + 1) : blocks + Math.floor((blocks - 1) / ratio);
}

/**
 * Maps the payload blocks of a fixed or dynamic disk, the sectors of a differencing one.
 *
 * @param tableOffset file offset of the block allocation table, which has at least `tableEntries` entries.
 */
function vhdxMap(disk: VhdxDisk, tableOffset: number): BlockMap {
  const { virtualSize, blockSize, sectorSize } = disk;
  const unit = disk.hasParent ? sectorSize : blockSize;
  const unitsPerBlock = blockSize / unit;
  return {
    blockSize: unit,
    virtualSize,
    locate: function* locate(first, count) {
      const places: BlockPlace[] = [];
      for (const part of partsByTable(first, count, unitsPerBlock)) {
        places.push(...(yield* locateInBlock(disk, tableOffset, part, unit)));
      }
      return places;
    },
  };
}

/** Places of the units [from, to) of a block; a unit has `unit` guest bytes. */
function* locateInBlock(
  disk: VhdxDisk,
  tableOffset: number,
  { table: block, from, to }: TablePart,
  unit: number,
): Reading<readonly BlockPlace[]> {
  const length = to - from;
  const all = (place: BlockPlace): readonly BlockPlace[] => repeated(place, length);
  const ratio = chunkRatio(disk);
  const chunk = Math.floor(block / ratio);
  const at = tableOffset + (block + chunk) * 8;
  const entry = yield* readEntry(at);
  if (entry === null) return all(lostTable(at, 'the block allocation table is cut short'));
  const { state, offset } = entry;
  if (state === NOT_PRESENT) return all({ kind: disk.hasParent ? 'elsewhere' : 'zeros' });
  if (ZEROS.includes(state)) return all({ kind: 'zeros' });
  if (state !== FULLY_PRESENT && !(state === PARTIALLY_PRESENT && disk.hasParent)) {
    return all(malformedEntry(at, `a block in state ${state}`));
  }
  if (offset < MIB) return all(malformedEntry(at, 'a block lies over the headers'));
  const stored = (index: number): BlockPlace => ({
    kind: 'stored',
    offset: offset + (from + index) * unit,
    whole: true,
  });
  if (state === FULLY_PRESENT) return Array.from({ length }, (_, index) => stored(index));

  const bitmapAt = tableOffset + (ratio + chunk * (ratio + 1)) * 8;
  const bitmap = yield* readEntry(bitmapAt);
  if (bitmap?.state !== FULLY_PRESENT || bitmap.offset < MIB) {
    return all(malformedEntry(bitmapAt, 'a sector bitmap that is needed is not there'));
  }
  const firstBit = (block % ratio) * (disk.blockSize / disk.sectorSize) + from;
  const start = Math.floor(firstBit / 8);
  const bits = fieldsOf(yield* readUpTo(bitmap.offset + start, Math.ceil((firstBit + length) / 8) - start));
  return Array.from({ length }, (_, index) => {
    const bit = firstBit + index - start * 8;
    if (!bits.has(bit >> 3, 1)) return lostTable(bitmapAt, 'a sector bitmap past the end of the file');
    return ((bits.u8(bit >> 3) >> (bit & 7)) & 1) === 1 ? stored(index) : { kind: 'elsewhere' };
  });
}

function* readEntry(at: number): Reading<{ readonly state: number; readonly offset: number } | null> {
  const fields = yield* readEntries(at, 0, 1, 8);
  if (!fields.has(0, 8)) return null;
  const value = fields.u64le(0);
  // 44 bits count mebibytes: a product beyond 2^53 is past the end of any file as well.
  return { state: Number(value & 7n), offset: Number(value >> 20n) * MIB };
}

const MAGIC = 'vhdxfile';

/** VHDX, also differencing. Sources: [MS-VHDX] "Virtual Hard Disk v2 (VHDX) File Format"; QEMU block/vhdx.c. */
export const VHDX: ContainerFormat = {
  containerType: 'vhdx',
  magics: [{ offset: 0, bytes: MAGIC }],
  recognise: ({ head }) => (head.is(0, MAGIC) ? { offset: 0, detail: 'vhdxfile: VHDX file identifier' } : null),
  open: openingWith('vhdx', function* inspect(file, notes) {
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
  }),
};
