import { fieldsOf, type Fields } from '../../reading/fields.ts';
import { readUpTo, type Reading } from '../../reading/reading.ts';
import type { BlockMap, BlockPlace } from '../format/block-map.ts';
import { oneLevelPlaces, partsByTable, repeated } from '../format/block-table.ts';
import type { DynamicHeader } from './dynamic-header.ts';

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
