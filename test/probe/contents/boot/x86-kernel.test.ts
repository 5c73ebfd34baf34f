import { describe, expect, it } from 'vitest';
import { bytesWith, le, type Patch, patched, verdictOf, windowOf } from '../support/windows.ts';

const header: readonly Patch[] = [
  [510, [0x55, 0xaa]],
  [514, 'HdrS'],
  [518, le(0x202, 2)],
];

describe('kernels for x86', () => {
  it('a header with nothing behind its setup sectors is none', () => {
    const bytes = bytesWith([...header, [497, [1]]]).subarray(0, 1024);
    expect(verdictOf(windowOf(bytes, { guestSize: 1024 }))).toBe('unknown');
    expect(verdictOf(windowOf(bytes, { guestSize: 1025 }))).toBe('kernel likely zImage');
  });
  it('a table with partitions inside a kernel that fills the image leaves a doubt', () => {
    const size = 8 * 1024 * 1024;
    const entry = [0, 0, 0, 0, 0x83, 0, 0, 0, ...le(2048, 4), ...le(8192, 4)];
    const bytes = bytesWith([...header, [446, entry], [518, le(0x204, 2)], [500, le(size / 16 - 160, 4)]]);
    expect(
      verdictOf(
        windowOf(
          patched(bytes, [
            [526, [0, 1]],
            [768, '6.1.0'],
          ]),
          { guestSize: size },
        ),
      ),
    ).toBe('kernel likely zImage');
    expect(verdictOf(windowOf(bytes, { guestSize: 2 * size }))).toBe('contested zImage, MBR');
  });
  it('zImage of an old protocol', () => {
    expect(verdictOf(windowOf(bytesWith(header)))).toBe('kernel likely zImage');
    expect(verdictOf(windowOf(bytesWith([...header, [529, [1]]])))).toBe('kernel likely bzImage');
    expect(verdictOf(windowOf(bytesWith([...header, [526, le(256, 2)], [768, '2.4.0']])))).toBe(
      'kernel certain zImage',
    );
  });
  it.each([0, 1, 2])('without field %d of its header it is none', (index) => {
    expect(verdictOf(windowOf(bytesWith(header.toSpliced(index, 1))))).toBe('unknown');
  });
});
