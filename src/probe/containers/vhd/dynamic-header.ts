import type { FileHead } from '../../reading/file-head.ts';
import { fieldsOf } from '../../reading/fields.ts';
import { readExactly, Unreadable, type Reading } from '../../reading/reading.ts';
import type { Observations } from '../format/observations.ts';
import { complementSum } from './footer.ts';

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
