import { fieldsOf } from '../../reading/fields.ts';
import { readUpTo, type Reading } from '../../reading/reading.ts';
import type { BlockMap, BlockPlace } from '../format/block-map.ts';
import { readEntries } from '../format/block-table.ts';
import type { DynamicHeader } from './header.ts';

const SECTOR = 512;
const UNUSED = 0xffffffff;

/**
 * Blocks of a dynamic disk. The sector bitmap before each block is passed over, as QEMU does: a sector that was never written reads as
 * the zeros that lie there.
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
 * Sectors of a differencing disk: the bitmap before a block says which of its sectors are here (1, most significant bit first); the
 * others are the parent's.
 */
export function differencingMap(header: DynamicHeader, virtualSize: number): BlockMap {
  const sectorsPerBlock = header.blockSize / SECTOR;
  return {
    blockSize: SECTOR,
    virtualSize,
    locate: function* locate(first, count) {
      const firstBlock = Math.floor(first / sectorsPerBlock);
      const lastBlock = Math.floor((first + count - 1) / sectorsPerBlock);
      const bitmaps = yield* locateBitmaps(header, firstBlock, lastBlock - firstBlock + 1);
      const places: BlockPlace[] = [];
      for (const [index, bitmap] of bitmaps.entries()) {
        const start = (firstBlock + index) * sectorsPerBlock;
        const from = Math.max(first, start) - start;
        const to = Math.min(first + count, start + sectorsPerBlock) - start;
        places.push(...(yield* locateSectors(bitmap, from, to, header)));
      }
      return places;
    },
  };
}

/** File offset of the bitmap of each block, or what its table entry means instead. */
function* locateBitmaps(
  header: DynamicHeader,
  first: number,
  count: number,
): Reading<readonly (number | BlockPlace)[]> {
  const table = yield* readEntries(header.tableOffset, first, count, 4);
  return Array.from({ length: count }, (_, index) => {
    const at = header.tableOffset + (first + index) * 4;
    if (!table.has(index * 4, 4)) {
      return { kind: 'lost', code: 'TABLE_OUT_OF_BOUNDS', at, why: 'the block allocation table is cut short' };
    }
    const sector = table.u32be(index * 4);
    if (sector === UNUSED) return { kind: 'zeros' };
    if (sector === 0) return { kind: 'lost', code: 'DATA_OUT_OF_BOUNDS', at, why: 'a block lies over the footer' };
    return sector * SECTOR;
  });
}

/** Places of the sectors [from, to) of one block. */
function* locateSectors(
  bitmap: number | BlockPlace,
  from: number,
  to: number,
  { bitmapLength }: DynamicHeader,
): Reading<readonly BlockPlace[]> {
  const all = (place: BlockPlace): BlockPlace[] => Array.from({ length: to - from }, () => place);
  if (typeof bitmap !== 'number') return all(bitmap.kind === 'zeros' ? { kind: 'elsewhere' } : bitmap);
  const start = Math.floor(from / 8);
  const bits = fieldsOf(yield* readUpTo(bitmap + start, Math.ceil(to / 8) - start));
  if (!bits.has(0, Math.ceil(to / 8) - start)) {
    return all({
      kind: 'lost',
      code: 'DATA_OUT_OF_BOUNDS',
      at: bitmap,
      why: 'a sector bitmap past the end of the file',
    });
  }
  return Array.from({ length: to - from }, (_, index) => {
    const sector = from + index;
    const here = (bits.u8(Math.floor(sector / 8) - start) >> (7 - (sector % 8))) & 1;
    return here === 1
      ? { kind: 'stored', offset: bitmap + bitmapLength + sector * SECTOR, whole: true }
      : { kind: 'elsewhere' };
  });
}
