import { describe, expect, it } from 'vitest';
import {
  compressedGrain,
  readGrainMarker,
  grainMap,
  type Unallocated,
  streamMap,
} from '../../../../src/probe/containers/vmdk/grain-map.ts';
import { patch, type Patchable } from '../bytes.ts';
import { readOver } from '../../reading-over.ts';
import type { BlockPlace } from '../../../../src/probe/containers/format/block-table.ts';
import { FLAG, type SparseHeader, sparseHeaderOf } from '../../../../src/probe/containers/vmdk/sparse-header.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';

const GRAIN = { grainBytes: 65_536, fileSize: 10_000 };
const lost = (code: string): object => ({ kind: 'lost', code, at: 512 });

describe('a grain marker', () => {
  const file = patch(10_000).le64(512, 128).le32(520, 700).bytes;

  it('has the sector of its grain and the length of the compressed bytes behind it', () => {
    expect(readOver(file, readGrainMarker(512, { ...GRAIN, lba: 128 }))).toEqual({
      value: { kind: 'compressed', compression: 'zlib', offset: 524, length: 700, skip: 0, shortfall: 'lost' },
      asked: [[512, 12]],
    });
  });

  it('of another grain, or past the end of the file, loses the grain', () => {
    expect(readOver(file, readGrainMarker(512, { ...GRAIN, lba: 256 })).value).toMatchObject(
      lost('DATA_OUT_OF_BOUNDS'),
    );
    const cut = file.subarray(0, 523);
    expect(readOver(cut, readGrainMarker(512, { ...GRAIN, lba: 128 })).value).toMatchObject(lost('DATA_OUT_OF_BOUNDS'));
  });
});

describe('a compressed grain', () => {
  it.each([
    [1, 'compressed'],
    [10_000 - 524, 'compressed'],
    [10_000 - 523, 'lost'],
    [0, 'lost'],
  ])('of %d bytes in a file of 10,000 is %s', (length, kind) => {
    expect(compressedGrain(512, length, GRAIN).kind).toBe(kind);
  });

  it('takes at most twice the room of its plaintext', () => {
    const unknown = { ...GRAIN, fileSize: null };
    expect(compressedGrain(512, 131_072, unknown).kind).toBe('compressed');
    expect(compressedGrain(512, 131_073, unknown)).toMatchObject(lost('DECOMPRESSION_BOMB'));
  });
});

const HEADER: SparseHeader = {
  version: 1,
  flags: 0,
  capacity: 1024n,
  grainSize: 16n,
  descriptorOffset: 0n,
  descriptorSize: 0n,
  entriesPerTable: 4,
  redundantDirectory: 0n,
  directory: 1n,
  overhead: 16n,
  unclean: false,
  newlines: '\n \r\n',
  algorithm: 0,
};
// The directory at 512 names tables at 1024 and, past a hole, at 1536.
const FILE = patch(16_384)
  .le32(512, 2)
  .le32(520, 3)
  .le32(1024, 16)
  .le32(1028, 0)
  .le32(1032, 1)
  .le32(1036, 24)
  .le32(1536, 20);

function places(
  first: number,
  count: number,
  header: Partial<SparseHeader> = {},
  unallocated: Unallocated = { kind: 'zeros' },
) {
  const { bytes } = FILE;
  return readOver(bytes, grainMap({ ...HEADER, ...header }, 512, bytes.length, unallocated).locate(first, count));
}

const stored = (sector: number): BlockPlace => ({ kind: 'stored', offset: sector * 512, whole: true });

it('has grains of the size that the header says', () => {
  expect(grainMap(HEADER, 512, null, { kind: 'zeros' })).toMatchObject({ blockSize: 8192, virtualSize: 524_288 });
});

describe('a grain', () => {
  it('lies at the sector in its table, which the directory names', () => {
    expect(places(3, 6)).toEqual({
      value: [stored(24), ...Array.from({ length: 4 }, () => ({ kind: 'zeros' })), stored(20)],
      asked: [
        [512, 12],
        [1036, 4],
        [1536, 4],
      ],
    });
  });

  it('that is nowhere is zeros, or in the parent', () => {
    expect(places(1, 1).value).toEqual([{ kind: 'zeros' }]);
    expect(places(1, 1, {}, { kind: 'elsewhere' }).value).toEqual([{ kind: 'elsewhere' }]);
    expect(places(4, 1, {}, { kind: 'elsewhere' }).value).toEqual([{ kind: 'elsewhere' }]);
  });

  it('at sector 1 is of zeros where the header allows it', () => {
    expect(places(2, 1, { flags: FLAG.zeroedGrains }).value).toEqual([{ kind: 'zeros' }]);
    expect(places(2, 1).value).toMatchObject([{ kind: 'lost', code: 'DATA_OUT_OF_BOUNDS', at: 1032 }]);
  });
});

describe('a compressed grain', () => {
  it('without a marker may be as long as twice its plaintext', () => {
    expect(places(0, 1, { algorithm: 1 }).value).toMatchObject([{ kind: 'compressed', offset: 8192, length: 16_384 }]);
  });

  it('that cannot be located is lost, and its neighbours are not', () => {
    // No marker is there: the bytes at 8192 and 12,288 name grain 0.
    const { value } = places(0, 4, { algorithm: 1, flags: FLAG.markers | FLAG.zeroedGrains });
    expect(value.map(({ kind }) => kind)).toEqual(['lost', 'zeros', 'zeros', 'lost']);
    expect(value[3]).toMatchObject({ code: 'DATA_OUT_OF_BOUNDS', at: 12_288 });
  });
});

it('loses the grains of tables and directories that are cut short', () => {
  const map = grainMap(HEADER, 512, null, { kind: 'zeros' });
  expect(readOver(FILE.bytes.subarray(0, 1030), map.locate(0, 2)).value).toMatchObject([
    stored(16),
    { kind: 'lost', code: 'TABLE_OUT_OF_BOUNDS', at: 1028 },
  ]);
  expect(readOver(FILE.bytes.subarray(0, 514), map.locate(0, 1)).value).toMatchObject([
    { kind: 'lost', code: 'TABLE_OUT_OF_BOUNDS', at: 512, why: 'the grain directory is cut short' },
  ]);
});

const END_OF_STREAM = 0;
const GRAIN_TABLE = 1;

/** Grains of 16 sectors in a disk of 4; markers begin at 512. */
function stream(markers: (file: Patchable) => Patchable) {
  const { bytes } = markers(patch(8192).le64(12, 64).le64(20, 16).le64(64, 1));
  return { bytes, map: streamMap(sparseHeaderOf(fieldsOf(bytes)), { kind: 'zeros' }) };
}

const grain = (file: Patchable, at: number, sector: number, length: number): Patchable =>
  file.le64(at, sector).le32(at + 8, length);
const metadata = (file: Patchable, at: number, sectors: number, type: number): Patchable =>
  file
    .le64(at, sectors)
    .le32(at + 8, 0)
    .le32(at + 12, type);
const compressed = (offset: number, length: number): BlockPlace => ({
  kind: 'compressed',
  compression: 'zlib',
  offset,
  length,
  skip: 0,
  shortfall: 'lost',
});

describe('grains behind their markers', () => {
  // Grain 1 in two sectors, a grain table of one sector behind its marker, grain 3, the end.
  const { bytes, map } = stream((file) =>
    metadata(grain(metadata(grain(file, 512, 16, 600), 1536, 1, GRAIN_TABLE), 2560, 48, 100), 3072, 0, END_OF_STREAM),
  );

  it('are found, and those that were passed over are unallocated', () => {
    expect(readOver(bytes, map.locate(0, 4)).value).toEqual([
      { kind: 'zeros' },
      compressed(524, 600),
      { kind: 'zeros' },
      compressed(2572, 100),
    ]);
  });

  it('are read once', () => {
    expect(readOver(bytes, map.locate(0, 4)).asked).toEqual([]);
  });
});

describe('is refused', () => {
  it.each<[string, (file: Patchable) => Patchable, string]>([
    ['where grains go backwards', (file) => grain(grain(file, 512, 16, 100), 1024, 0, 100), 'out of order at 1024'],
    ['where a grain is not at a grain', (file) => grain(file, 512, 15, 100), 'out of order at 512'],
    ['where a grain is past the disk', (file) => grain(file, 512, 64, 100), 'out of order at 512'],
    [
      'where metadata is longer than the disk',
      (file) => metadata(file, 512, 65, GRAIN_TABLE),
      'metadata of 65 sectors',
    ],
  ])('%s', (_, markers, message) => {
    const { bytes, map } = stream(markers);
    expect(() => readOver(bytes, map.locate(0, 4))).toThrow(message);
  });

  it('where it has no end', () => {
    const { bytes, map } = stream((file) => grain(file, 512, 0, 100));
    expect(() => readOver(bytes.subarray(0, 1030), map.locate(0, 2))).toThrow('the stream of grains ends at 1024');
  });

  it('after 4096 markers', () => {
    const { map } = stream((file) => file);
    const endless = new Uint8Array(4 * 1024 * 1024).fill(0xff, 0, 0);
    for (let at = 512; at < endless.length; at += 512) endless[at + 12] = GRAIN_TABLE;
    expect(() => readOver(endless, map.locate(0, 1))).toThrow('4096 grain markers were read');
  });
});
