import { describe, expect, it } from 'vitest';
import { Observations } from '../../../../src/probe/containers/format/observations.ts';
import { readRegions } from '../../../../src/probe/containers/vhdx/regions.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { readOver } from '../../reading-over.ts';
import { GUID, METADATA_REGION, regionTable, TABLE_REGION, type RegionFields } from '../vhdx-image.ts';

const MIB = 1024 * 1024;
const SOUND = {
  blockTable: { offset: 3 * MIB, length: MIB },
  metadata: { offset: 2 * MIB, length: MIB },
};

function regions(first: Buffer, second: Buffer = first, size: number | null = 4 * MIB) {
  const file = Buffer.concat([Buffer.alloc(192 * 1024), first, second]);
  const notes = new Observations();
  const { value } = readOver(file, readRegions({ head: fieldsOf(file), size }, notes));
  return { regions: value, codes: notes.safety() };
}

const of = (...list: readonly RegionFields[]): ReturnType<typeof regions> => regions(regionTable(list));

describe('the first valid table', () => {
  it('gives both regions', () => {
    expect(regions(regionTable())).toEqual({ regions: SOUND, codes: [] });
  });

  it('may be the second, which is noted', () => {
    expect(regions(Buffer.alloc(65_536), regionTable())).toEqual({ regions: SOUND, codes: ['HEADERS_DISAGREE'] });
  });

  it('must be there', () => {
    expect(() => regions(Buffer.alloc(65_536))).toThrow('neither region table is valid');
    expect(() => regions(regionTable().fill(1, 5000, 5001))).toThrow('neither region table is valid');
  });
});

describe('a region', () => {
  it('that is unknown may be skipped unless it is required', () => {
    const unknown: RegionFields = { guid: GUID.unknown, offset: 1n, length: 1 };
    expect(of(TABLE_REGION, METADATA_REGION, { ...unknown, required: 0 })).toEqual({ regions: SOUND, codes: [] });
    expect(of(TABLE_REGION, METADATA_REGION, unknown)).toEqual({ regions: null, codes: ['UNKNOWN_FEATURE_BITS'] });
  });

  it('past the end of the file is noted', () => {
    const far = { ...TABLE_REGION, offset: BigInt(4 * MIB) };
    expect(of(far, METADATA_REGION)).toEqual({ regions: null, codes: ['TABLE_OUT_OF_BOUNDS'] });
    expect(regions(regionTable([far, METADATA_REGION]), undefined, null).codes).toEqual([]);
  });

  it.each<[string, readonly RegionFields[]]>([
    ['listed twice', [TABLE_REGION, TABLE_REGION]],
    ['not listed', [TABLE_REGION]],
    ['below 1 MiB', [TABLE_REGION, { ...METADATA_REGION, offset: 65_536n }]],
    ['not at a mebibyte', [TABLE_REGION, { ...METADATA_REGION, offset: BigInt(2 * MIB + 1) }]],
    ['of no bytes', [TABLE_REGION, { ...METADATA_REGION, length: 0 }]],
    ['over the other', [TABLE_REGION, { ...METADATA_REGION, length: 2 * MIB }]],
  ])('%s is malformed', (_, list) => {
    expect(() => of(...list)).toThrow(/region/u);
  });
});
