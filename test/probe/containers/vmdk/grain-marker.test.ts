import { describe, expect, it } from 'vitest';
import { compressedGrain, readGrainMarker } from '../../../../src/probe/containers/vmdk/grain-marker.ts';
import { patch } from '../bytes.ts';
import { readOver } from '../../reading-over.ts';

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
