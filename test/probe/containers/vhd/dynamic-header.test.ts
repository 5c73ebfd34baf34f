import { describe, expect, it } from 'vitest';
import { Observations } from '../../../../src/probe/containers/format/observations.ts';
import { readDynamicHeader, type DynamicHeader } from '../../../../src/probe/containers/vhd/dynamic-header.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { Unreadable } from '../../../../src/probe/reading/reading.ts';
import { readOver } from '../../reading-over.ts';
import { dynamicHeader, footer, MIB, seal, type DynamicFields } from '../vhd-image.ts';

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
