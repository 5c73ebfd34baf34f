import { describe, expect, it } from 'vitest';
import type { BlockPlace } from '../../../../src/probe/containers/format/block-map.ts';
import { grainMap, type Unallocated } from '../../../../src/probe/containers/vmdk/grain-map.ts';
import { FLAG, type SparseHeader } from '../../../../src/probe/containers/vmdk/sparse-header.ts';
import { readOver } from '../../reading-over.ts';
import { patch } from '../bytes.ts';

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
