import { describe, expect, it } from 'vitest';
import type { BlockPlace } from '../../../../src/probe/containers/format/block-map.ts';
import {
  offsetOrLost,
  oneLevelPlaces,
  partsByTable,
  repeated,
  twoLevelMap,
  type TwoLevelTables,
} from '../../../../src/probe/containers/format/block-table.ts';
import { readOver } from '../../reading-over.ts';

const stored = (offset: number): BlockPlace => ({ kind: 'stored', offset });
const lost = (at: number, why: string): BlockPlace => ({ kind: 'lost', code: 'TABLE_OUT_OF_BOUNDS', at, why });

it('takes an offset up to 2^52', () => {
  expect(offsetOrLost(2n ** 52n, 'DATA_OUT_OF_BOUNDS', 7)).toBe(2 ** 52);
  expect(offsetOrLost(2n ** 52n + 1n, 'DATA_OUT_OF_BOUNDS', 7)).toMatchObject({ kind: 'lost', at: 7 });
});

it('repeats one place', () => {
  expect(repeated(stored(3), 2)).toEqual([stored(3), stored(3)]);
  expect(repeated(stored(3), 0)).toEqual([]);
});

describe('parts by table', () => {
  it.each([
    ['inside one table', 1, 2, [{ table: 0, from: 1, to: 3 }]],
    ['a whole table', 4, 4, [{ table: 1, from: 0, to: 4 }]],
    [
      'over two borders',
      3,
      6,
      [
        { table: 0, from: 3, to: 4 },
        { table: 1, from: 0, to: 4 },
        { table: 2, from: 0, to: 1 },
      ],
    ],
  ])('%s', (_, first, count, parts) => {
    expect(partsByTable(first, count, 4)).toEqual(parts);
  });
});

describe('one table', () => {
  const file = Uint8Array.of(0, 0, 0, 5, 6, 7);
  const table = {
    offset: 2,
    width: 1,
    placeOf: (entries: { u8(offset: number): number }, offset: number, at: number) =>
      stored(entries.u8(offset) * 10 + at),
    whenCut: 'cut',
  };

  it('is read in one request, with the file offset of each entry', () => {
    expect(readOver(file, oneLevelPlaces(table, 1, 2))).toEqual({ value: [stored(53), stored(64)], asked: [[3, 2]] });
  });

  it('loses what lies past the end of the file', () => {
    expect(readOver(file, oneLevelPlaces(table, 3, 2)).value).toEqual([stored(75), lost(6, 'cut')]);
  });
});

describe('two levels', () => {
  // A directory of two bytes at 0 names tables of two bytes; an entry counts tens.
  const tables: TwoLevelTables = {
    blockSize: 512,
    virtualSize: 4 * 512,
    directoryOffset: 0,
    directoryWidth: 1,
    entriesPerTable: 2,
    entryWidth: 1,
    tableOf: (directory, offset) => (directory.u8(offset) === 0 ? { kind: 'zeros' } : directory.u8(offset)),
    placesOf: (table, offset, at, entry) => [stored(table.u8(offset) * 1000 + at * 10 + entry)],
  };
  const file = Uint8Array.of(4, 6, 0, 0, 1, 2, 3, 4);

  it('are read in one request for the directory and one for each table', () => {
    expect(readOver(file, twoLevelMap(tables).locate(1, 2))).toEqual({
      value: [stored(2051), stored(3062)],
      asked: [
        [0, 2],
        [5, 1],
        [6, 1],
      ],
    });
  });

  it('give all blocks of a table that is not there one place', () => {
    const hole = Uint8Array.of(0, 6, 0, 0, 1, 2, 3, 4);
    expect(readOver(hole, twoLevelMap(tables).locate(0, 3)).value).toEqual([
      { kind: 'zeros' },
      { kind: 'zeros' },
      stored(3062),
    ]);
  });

  it('lose a table past the end, with the directory entry as evidence', () => {
    const why = 'a table of the block map lies past the end of the file';
    expect(readOver(file.subarray(0, 7), twoLevelMap(tables).locate(2, 2)).value).toEqual([stored(3062), lost(1, why)]);
    expect(readOver(file.subarray(0, 1), twoLevelMap(tables).locate(2, 1)).value).toEqual([lost(1, why)]);
  });

  it('may give an entry several blocks, of which the middle ones can be asked for', () => {
    const three: TwoLevelTables = {
      ...tables,
      blocksPerEntry: 3,
      placesOf: (table, offset) => [0, 1, 2].map((index) => stored(table.u8(offset) * 10 + index)),
    };
    expect(readOver(file, twoLevelMap(three).locate(2, 3)).value).toEqual([stored(12), stored(20), stored(21)]);
  });
});
