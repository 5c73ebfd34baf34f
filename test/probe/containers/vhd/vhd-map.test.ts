import { describe, expect, it } from 'vitest';
import type { DynamicHeader } from '../../../../src/probe/containers/vhd/dynamic-header.ts';
import { differencingMap, dynamicMap } from '../../../../src/probe/containers/vhd/vhd-map.ts';
import { readOver } from '../../reading-over.ts';
import { patch } from '../bytes.ts';

const HEADER: DynamicHeader = { tableOffset: 100, entries: 4, blockSize: 8192, bitmapLength: 512 };
const UNUSED = 0xffff_ffff;

describe('a dynamic disk', () => {
  const file = patch(4096).be32(100, 4).be32(104, UNUSED).be32(108, 0).bytes;

  it('has its blocks behind their bitmaps', () => {
    expect(readOver(file, dynamicMap(HEADER, 4 * 8192).locate(0, 3))).toEqual({
      value: [
        { kind: 'stored', offset: 4 * 512 + 512, whole: true },
        { kind: 'zeros' },
        { kind: 'lost', code: 'DATA_OUT_OF_BOUNDS', at: 108, why: 'a block lies over the footer' },
      ],
      asked: [[100, 12]],
    });
  });

  it('loses the blocks whose entries are cut off', () => {
    expect(readOver(file.subarray(0, 107), dynamicMap(HEADER, 4 * 8192).locate(0, 2)).value[1]).toEqual({
      kind: 'lost',
      code: 'TABLE_OUT_OF_BOUNDS',
      at: 104,
      why: 'the block allocation table is cut short',
    });
  });
});

describe('a differencing disk', () => {
  // The bitmap of block 0 lies at 2048: sectors 0 and 9 are here; block 1 is the parent's.
  const file = patch(4096).be32(100, 4).be32(104, UNUSED).u8(2048, 0b1000_0000).u8(2049, 0b0100_0000).bytes;
  const map = differencingMap(HEADER, 4 * 8192);

  it('has the sectors whose bits are set, from the most significant on', () => {
    const { value } = readOver(file, map.locate(0, 10));
    expect(value[0]).toEqual({ kind: 'stored', offset: 2560, whole: true });
    expect(value.slice(1, 9)).toEqual(Array.from({ length: 8 }, () => ({ kind: 'elsewhere' })));
    expect(value[9]).toEqual({ kind: 'stored', offset: 2560 + 9 * 512, whole: true });
  });

  it('reads only the bitmap bytes of the wanted sectors', () => {
    expect(readOver(file, map.locate(9, 1)).asked).toEqual([
      [100, 4],
      [2049, 1],
    ]);
  });

  it('leaves an unused block to its parent, over the border of a block', () => {
    expect(readOver(file, map.locate(15, 2)).value).toEqual([{ kind: 'elsewhere' }, { kind: 'elsewhere' }]);
  });

  it('loses the sectors of a bitmap past the end of the file', () => {
    expect(readOver(file.subarray(0, 2049), map.locate(0, 9)).value).toMatchObject(
      Array.from({ length: 9 }, () => ({ kind: 'lost', code: 'DATA_OUT_OF_BOUNDS', at: 2048 })),
    );
  });
});
