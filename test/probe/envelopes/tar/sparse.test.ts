import { describe, expect, it } from 'vitest';
import { ofSparse, readOldMap, readPaxMap, type SparseMap } from '../../../../src/probe/envelopes/tar/sparse.ts';
import { perform } from '../../../../src/probe/perform/perform.ts';
import { readUpTo } from '../../../../src/probe/reading/reading.ts';
import { memorySource } from '../../../support/images/memory-source.ts';

const octal = (value: number): string => `${value.toString(8).padStart(11, '0')}\0`;
const MAP = {
  pieces: [
    { start: 2, length: 3 },
    { start: 10, length: 1 },
  ],
  realSize: 20,
} as const;

/** A block with entries at an offset; `more` is the place of the mark that another block follows. */
function blockOf(pieces: readonly (readonly [number, number])[], at: number, more: number, goesOn: boolean): Buffer {
  const block = Buffer.alloc(512);
  for (const [index, [start, length]] of pieces.entries()) block.write(octal(start) + octal(length), at + 24 * index);
  block[more] = goesOn ? 1 : 0;
  return block;
}

function header(pieces: readonly (readonly [number, number])[], realSize: number, goesOn = false): Buffer {
  const block = blockOf(pieces, 386, 482, goesOn);
  block.write(octal(realSize), 483);
  return block;
}

const oldMap = async (
  block: Uint8Array,
  behind: Uint8Array = new Uint8Array(0),
): Promise<{ readonly map: SparseMap | null; readonly data: number }> =>
  perform(readOldMap(block, 0), memorySource(behind));

const paxMap = async (
  records: readonly (readonly [string, string])[],
  bytes: Uint8Array | string = '',
): Promise<SparseMap | null | undefined> => perform(readPaxMap(records, 0), memorySource(Buffer.from(bytes)));

describe('a map in the header', () => {
  it('ends with an entry that is not used', async () => {
    expect(
      await oldMap(
        header(
          [
            [2, 3],
            [10, 1],
          ],
          20,
        ),
      ),
    ).toEqual({ map: { ...MAP, data: 0 }, data: 0 });
  });
  it('goes on in further blocks, behind which the data begin', async () => {
    const four = [0, 1, 2, 3].map((index) => [2 * index, 1] as const);
    const more = blockOf([[100, 5]], 0, 504, false);
    const { map, data } = await oldMap(header(four, 200, true), more);
    expect([map?.pieces.length, map?.data, data]).toEqual([5, 512, 512]);
  });
  it.each([
    [
      'pieces out of order',
      header(
        [
          [10, 1],
          [2, 3],
        ],
        20,
      ),
    ],
    [
      'pieces that overlap',
      header(
        [
          [2, 3],
          [4, 3],
        ],
        20,
      ),
    ],
    ['a piece behind the end of the file', header([[18, 3]], 20)],
  ])('with %s is none, but tells where data begin', async (_, block) => {
    expect(await oldMap(block)).toEqual({ map: null, data: 0 });
  });
  it('without end cannot be read', async () => {
    const endless = Buffer.concat(Array.from({ length: 800 }, () => blockOf([], 0, 504, true)));
    await expect(oldMap(header([], 20, true), endless)).rejects.toMatchObject({ reason: 'unsupported' });
  });
});

describe('a map in an extended header', () => {
  it('of version 0.0 has a record for each number', async () => {
    const records = [
      ['GNU.sparse.size', '20'],
      ['GNU.sparse.offset', '2'],
      ['GNU.sparse.numbytes', '3'],
      ['GNU.sparse.offset', '10'],
      ['GNU.sparse.numbytes', '1'],
    ] as const;
    expect(await paxMap(records)).toEqual({ ...MAP, data: 0 });
    expect(await paxMap(records.slice(0, 4))).toBeNull();
  });
  it('of version 0.1 has one list', async () => {
    const size = ['GNU.sparse.size', '20'] as const;
    expect(await paxMap([size, ['GNU.sparse.map', '2,3,10,1']])).toEqual({ ...MAP, data: 0 });
    expect(await paxMap([size, ['GNU.sparse.map', '2,3,x,1']])).toBeNull();
    expect(await paxMap([['GNU.sparse.map', '2,3']])).toBeUndefined();
  });
  it('of version 1.0 stands before the data, in whole blocks', async () => {
    const records = [
      ['GNU.sparse.major', '1'],
      ['GNU.sparse.realsize', '20'],
    ] as const;
    const block = '2\n2\n3\n10\n1\n'.padEnd(512, '\0');
    expect(await paxMap(records, block)).toEqual({ ...MAP, data: 512 });
    expect(await paxMap(records, block.slice(0, 511))).toBeNull();
    expect(await paxMap(records, '16385\n'.padEnd(512, '\0'))).toBeNull();
    expect(await paxMap(records, 'x\n'.padEnd(512, '\0'))).toBeNull();
    const long = `200\n${Array.from({ length: 200 }, (_, index) => `${index * 2}\n1\n`).join('')}`;
    const sized = [
      ['GNU.sparse.major', '1'],
      ['GNU.sparse.realsize', '400'],
    ] as const;
    const map = await paxMap(sized, long.padEnd(2048, '\0'));
    expect([map?.pieces.length, map?.data]).toEqual([200, Math.ceil(long.length / 512) * 512]);
  });
});

describe('a sparse file', () => {
  const archive = memorySource(Buffer.from('headABCD'));
  const read = async (offset: number, length: number): Promise<string> =>
    Buffer.from(await perform(ofSparse(readUpTo(offset, length), { ...MAP, data: 4 }), archive))
      .toString('latin1')
      .replaceAll('\0', '.');
  it('has zeros where nothing is stored, and ends at its own size', async () => {
    expect(await read(0, 20)).toBe('..ABC.....D.........');
    expect(await read(3, 8)).toBe('BC.....D');
    expect(await read(18, 10)).toBe('..');
    expect(await read(5, 5)).toBe('.....');
    expect(await read(30, 5)).toBe('');
  });
});
