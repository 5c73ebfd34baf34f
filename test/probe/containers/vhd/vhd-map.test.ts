import { describe, expect, it } from 'vitest';
import { Observations } from '../../../../src/probe/containers/format/opening.ts';
import {
  readDynamicHeader,
  type DynamicHeader,
  differencingMap,
  dynamicMap,
} from '../../../../src/probe/containers/vhd/vhd-map.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { Unreadable } from '../../../../src/probe/reading/reading.ts';
import { readOver } from '../../reading-over.ts';
import { dynamicHeader, footer, MIB, seal, type DynamicFields } from '../vhd-image.ts';
import { patch } from '../bytes.ts';

/** The header at 512 of a file of 4 KiB, and the codes that were noted. */
function read(header: Buffer, at = 512): { readonly header: DynamicHeader | null; readonly codes: readonly string[] } {
  const file = Buffer.concat([footer(), header, Buffer.alloc(4096 - 512 - header.length)]);
  const notes = new Observations();
  const { value } = readOver(file, readDynamicHeader(at, { head: fieldsOf(file), size: file.length }, notes));
  return { header: value, codes: notes.safety() };
}

const of = (fields: DynamicFields): ReturnType<typeof read> => read(dynamicHeader(fields));

it('has a bitmap of one sector for 2 MiB, of two for 4 MiB', () => {
  expect(of({})).toEqual({
    header: { tableOffset: 1536, entries: 2, blockSize: 2 * MIB, bitmapLength: 512 },
    codes: [],
  });
  expect(of({ blockSize: 4 * MIB }).header?.bitmapLength).toBe(1024);
  expect(of({ blockSize: 512 }).header?.bitmapLength).toBe(512);
});

describe('is refused', () => {
  it.each<[string, DynamicFields]>([
    ['with blocks below a sector', { blockSize: 256 }],
    ['with blocks of no power of two', { blockSize: 3 * MIB }],
  ])('%s', (_, fields) => {
    expect(() => of(fields)).toThrow(Unreadable);
  });

  it('without its cookie, and with a wrong checksum', () => {
    expect(() => read(seal(dynamicHeader().fill(0, 0, 1), 36))).toThrow('no dynamic disk header at 512');
    expect(() => read(dynamicHeader().fill(1, 900, 901))).toThrow('checksum');
  });
});

describe('is noted and not followed', () => {
  it.each<[string, DynamicFields, string]>([
    ['with a table over itself', { tableOffset: 1535n }, 'TABLE_OUT_OF_BOUNDS'],
    ['with a table over the footer', { tableOffset: 0n }, 'TABLE_OUT_OF_BOUNDS'],
    ['with a table past the end', { tableOffset: 4092n }, 'TABLE_OUT_OF_BOUNDS'],
    ['with more blocks than a VHD has', { entries: 2 ** 20 + 2 }, 'OVERSIZED_TABLE'],
  ])('%s', (_, fields, code) => {
    expect(of(fields)).toEqual({ header: null, codes: [code] });
  });

  it('outside the file', () => {
    expect(read(dynamicHeader(), 4000)).toEqual({ header: null, codes: ['TABLE_OUT_OF_BOUNDS'] });
    expect(read(dynamicHeader(), 511)).toEqual({ header: null, codes: ['TABLE_OUT_OF_BOUNDS'] });
  });
});

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
