import { beforeAll, describe, expect, test } from 'vitest';

import { broken } from './fuzz/case.ts';
import { isPacked, makeSamples, type Sample } from './fuzz/samples.ts';

/**
 * Every aligned field of every header set to the values that break careless readers. Places are fixed, so that a failure needs no
 * seed.
 */

let samples: readonly Sample[];
beforeAll(() => {
  samples = makeSamples();
});

/** Fields looked at from the beginning of each piece of metadata. */
const HEADER_LENGTH = 512;
/** Behind the header of packed data come bits: random damage is for them. */
const PACKED_HEADER_LENGTH = 32;
const BLOCK = 4096;
/** Pieces of metadata: blocks of a sample that are not blank, from the first on. */
const MOST_BLOCKS = 4;
const BLOCK_FIELDS = 32;

describe('header fields with hostile values', () => {
  test('no field of 32 or 64 bits can break the prober', { timeout: 600_000 }, async () => {
    let cases = 0;
    for (const sample of samples) {
      const { name, bytes } = sample;
      const size = BigInt(bytes.length);
      const values = [0n, 0xffff_ffff_ffff_ffffn, size, size - 1n, 1n << 63n];
      for (const [offset, width] of fieldsOf(sample)) {
        const kept = bytes.slice(offset, offset + width);
        for (const value of values) {
          for (const order of ['little', 'big'] as const) {
            write(bytes, offset, width, value, order);
            const fault = await broken(bytes);
            if (fault !== null)
              expect.fail(`${name}: ${width * 8}-bit ${order} field at ${offset} = ${value}: ${fault}`);
            cases += 1;
          }
        }
        bytes.set(kept, offset);
      }
    }
    process.stdout.write(`fields: ${cases} cases over ${samples.length} samples\n`);
    expect(cases).toBeGreaterThan(55_000);
  });
});

/** Places and widths: all of the header, and the beginning of further blocks that are not blank, the last bytes among them. */
function fieldsOf(sample: Sample): readonly (readonly [offset: number, width: number])[] {
  const { bytes } = sample;
  if (isPacked(sample)) return placesIn([[0, PACKED_HEADER_LENGTH]], bytes.length);
  const ranges: (readonly [number, number])[] = [[0, HEADER_LENGTH]];
  for (
    let block = HEADER_LENGTH;
    block < bytes.length && ranges.length <= MOST_BLOCKS;
    block += BLOCK - (block % BLOCK)
  ) {
    if (bytes.subarray(block, block + BLOCK_FIELDS).some((byte) => byte !== 0))
      ranges.push([block, block + BLOCK_FIELDS]);
  }
  if (bytes.length > 1024) ranges.push([bytes.length - 512, bytes.length - 512 + BLOCK_FIELDS]);
  return placesIn(ranges, bytes.length);
}

function placesIn(
  ranges: readonly (readonly [start: number, end: number])[],
  length: number,
): readonly (readonly [offset: number, width: number])[] {
  return ranges.flatMap(([start, end]) =>
    [4, 8].flatMap((width) => {
      const places: (readonly [number, number])[] = [];
      for (let offset = start; offset + width <= Math.min(end, length); offset += width) places.push([offset, width]);
      return places;
    }),
  );
}

function write(bytes: Uint8Array, offset: number, width: number, value: bigint, order: 'little' | 'big'): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (width === 8) view.setBigUint64(offset, value, order === 'little');
  // 2^63 has nothing in its low half, so the largest negative number of 32 bits is used.
  else
    view.setUint32(offset, value === 1n << 63n ? 0x8000_0000 : Number(BigInt.asUintN(32, value)), order === 'little');
}
