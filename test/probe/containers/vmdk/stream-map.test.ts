import { describe, expect, it } from 'vitest';
import type { BlockPlace } from '../../../../src/probe/containers/format/block-map.ts';
import { streamMap } from '../../../../src/probe/containers/vmdk/stream-map.ts';
import { sparseHeaderOf } from '../../../../src/probe/containers/vmdk/sparse-header.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { readOver } from '../../reading-over.ts';
import { patch, type Patchable } from '../bytes.ts';

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
