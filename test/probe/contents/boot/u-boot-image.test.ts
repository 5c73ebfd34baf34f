import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { recogniseContent } from '../../../../src/probe/contents/recognise.ts';
import { be, bytesWith, patched, verdictOf, windowOf } from '../support/windows.ts';

/** The legacy header: magic, checksum of the header, size of the data at 12, type at 30. */
function image(type: number): Uint8Array {
  const bytes = bytesWith([
    [0, be(0x27051956, 4)],
    [12, be(5000, 4)],
    [30, [type]],
  ]);
  return patched(bytes, [[4, be(crc32(bytes.slice(0, 64)), 4)]]);
}

describe('images of U-Boot', () => {
  it.each([
    [2, 'kernel'],
    [3, 'ramdisk'],
    [4, 'kernel'],
    [5, 'other'],
    [7, 'filesystem'],
    [8, 'other'],
    [14, 'kernel'],
    [99, 'other'],
  ])('of type %d', (type, imageType) => {
    expect(verdictOf(windowOf(image(type)))).toBe(`${imageType} certain U-Boot image`);
  });
  it('with a wrong checksum are none', () => {
    expect(verdictOf(windowOf(patched(image(2), [[32, 'x']])))).toBe('unknown');
    expect(verdictOf(windowOf(image(2).slice(0, 63)))).toBe('unknown');
  });
  it('claim header and data', () => {
    expect(recogniseContent(windowOf(image(2), { guestSize: 5064 }))).toMatchObject({ safety: [] });
    expect(recogniseContent(windowOf(image(2), { guestSize: 5063 }))).toMatchObject({ safety: ['TRUNCATED'] });
  });
});
