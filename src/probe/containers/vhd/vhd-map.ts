import { type FileHead, fieldsOf, type Fields } from '../../reading/fields.ts';
import { readExactly, Unreadable, type Reading, readUpTo } from '../../reading/reading.ts';
import type { Observations } from '../format/opening.ts';
import { complementSum } from './footer.ts';
import { type BlockMap, type BlockPlace, oneLevelPlaces, partsByTable, repeated } from '../format/block-table.ts';

export interface DynamicHeader {
  /** File offset of the block allocation table. */
  readonly tableOffset: number;
  readonly entries: number;
  /** Guest bytes in a block; a power of two, 512 at least. */
  readonly blockSize: number;
  /** Bytes of the sector bitmap before each block, a multiple of 512. */
  readonly bitmapLength: number;
}

const HEADER_LENGTH = 1024;

/** Bytes that the 32-bit entries of the table can address; no VHD is larger than 2040 GiB. */
const MOST_BYTES = 2 ** 41;

/**
 * Reads the dynamic disk header at a file offset; null, with the reason noted, where it or its table cannot lie at the
 * stated place. Source: Microsoft, "Virtual Hard Disk Image Format Specification" (2006), "Dynamic Disk Header Format".
 *
 * @throws Unreadable malformed: a field that the format forbids.
 */
export function* readDynamicHeader(
  offset: number,
  { size }: FileHead,
  notes: Observations,
): Reading<DynamicHeader | null> {
  if (offset < 512 || (size !== null && offset + HEADER_LENGTH > size)) {
    notes.warn('TABLE_OUT_OF_BOUNDS', 16, `dynamic disk header at ${offset}`);
    return null;
  }
  const fields = fieldsOf(yield* readExactly(offset, HEADER_LENGTH));
  if (!fields.is(0, 'cxsparse')) throw new Unreadable('malformed', `no dynamic disk header at ${offset}`);
  if (complementSum(fields.bytes, 36) !== fields.u32be(36)) {
    throw new Unreadable('malformed', 'the checksum of the dynamic disk header is wrong');
  }
  const entries = fields.u32be(28);
  const blockSize = fields.u32be(32);
  if (blockSize < 512 || !Number.isInteger(Math.log2(blockSize))) {
    throw new Unreadable('malformed', `blocks of ${blockSize} bytes`);
  }
  if (entries * blockSize > MOST_BYTES + blockSize) {
    notes.warn('OVERSIZED_TABLE', offset + 28, `${entries} blocks of ${blockSize} bytes`);
    return null;
  }
  const tableOffset = fields.u64be(16);
  const tableEnd = tableOffset + BigInt(entries * 4);
  const overlaps = tableOffset < 512n || (tableOffset < offset + HEADER_LENGTH && tableEnd > offset);
  if (overlaps || tableEnd > (size ?? Number.MAX_SAFE_INTEGER)) {
    notes.warn('TABLE_OUT_OF_BOUNDS', offset + 16, `block allocation table at ${tableOffset}`);
    return null;
  }
  notes.saw(offset, `cxsparse: dynamic disk header, blocks of ${blockSize} bytes`);
  const bitmapLength = Math.ceil(blockSize / (8 * 512 * 512)) * 512;
  return { tableOffset: Number(tableOffset), entries, blockSize, bitmapLength };
}

const SECTOR = 512;
const UNUSED = 0xffffffff;

/**
 * Maps the blocks of a dynamic disk. The sector bitmap before each block is skipped, as QEMU does: a sector that was
 * never written reads as the zeros that lie there.
 */
export function dynamicMap(header: DynamicHeader, virtualSize: number): BlockMap {
  return {
    blockSize: header.blockSize,
    virtualSize,
    locate: function* locate(first, count) {
      const bitmaps = yield* locateBitmaps(header, first, count);
      return bitmaps.map((bitmap) =>
        typeof bitmap === 'number' ? { kind: 'stored', offset: bitmap + header.bitmapLength, whole: true } : bitmap,
      );
    },
  };
}

/**
 * Maps the sectors of a differencing disk. The bitmap before a block says which of its sectors are in this file (1,
 * most significant bit first); the others are in the parent.
 */
export function differencingMap(header: DynamicHeader, virtualSize: number): BlockMap {
  const sectorsPerBlock = header.blockSize / SECTOR;
  return {
    blockSize: SECTOR,
    virtualSize,
    locate: function* locate(first, count) {
      const parts = partsByTable(first, count, sectorsPerBlock);
      const bitmaps = yield* locateBitmaps(header, parts[0]?.table ?? 0, parts.length);
      const places: BlockPlace[] = [];
      for (const [index, { from, to }] of parts.entries()) {
        const bitmap = bitmaps[index];
        if (bitmap !== undefined) places.push(...(yield* locateSectors(bitmap, from, to, header)));
      }
      return places;
    },
  };
}

/** File offset of the bitmap of each block, or the place that its table entry gives instead. */
function locateBitmaps(
  { tableOffset }: DynamicHeader,
  first: number,
  count: number,
): Reading<readonly (number | BlockPlace)[]> {
  const placeOf = (entries: Fields, offset: number, at: number): number | BlockPlace => {
    const sector = entries.u32be(offset);
    if (sector === UNUSED) return { kind: 'zeros' };
    if (sector === 0) return { kind: 'lost', code: 'DATA_OUT_OF_BOUNDS', at, why: 'a block lies over the footer' };
    return sector * SECTOR;
  };
  const whenCut = 'the block allocation table is cut short';
  return oneLevelPlaces({ offset: tableOffset, width: 4, placeOf, whenCut }, first, count);
}

/** Places of the sectors [from, to) of one block. */
function* locateSectors(
  bitmap: number | BlockPlace,
  from: number,
  to: number,
  { bitmapLength }: DynamicHeader,
): Reading<readonly BlockPlace[]> {
  const count = to - from;
  if (typeof bitmap !== 'number') return repeated(bitmap.kind === 'zeros' ? { kind: 'elsewhere' } : bitmap, count);
  const start = Math.floor(from / 8);
  const length = Math.ceil(to / 8) - start;
  const bits = fieldsOf(yield* readUpTo(bitmap + start, length));
  if (!bits.has(0, length)) {
    const why = 'a sector bitmap past the end of the file';
    return repeated({ kind: 'lost', code: 'DATA_OUT_OF_BOUNDS', at: bitmap, why }, count);
  }
  return Array.from({ length: count }, (_, index) => {
    const sector = from + index;
    const here = (bits.u8(Math.floor(sector / 8) - start) >> (7 - (sector % 8))) & 1;
    return here === 1
      ? { kind: 'stored', offset: bitmap + bitmapLength + sector * SECTOR, whole: true }
      : { kind: 'elsewhere' };
  });
}
