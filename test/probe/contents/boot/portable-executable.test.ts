import { describe, expect, it } from 'vitest';
import { isPortableExecutable } from '../../../../src/probe/contents/boot/portable-executable.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { itRecognises } from '../support/formats.ts';
import { bytesWith, le, type Patch, verdictOf, windowOf } from '../support/windows.ts';

const PE: readonly Patch[] = [
  [0, 'MZ'],
  [60, le(64, 4)],
  [64, 'PE\0\0'],
];

/** A PE image with an optional header of 16 bytes and two sections. */
const sections = (count: number, second: string): readonly Patch[] => [
  ...PE,
  [70, le(count, 2)],
  [84, le(16, 2)],
  [104, '.text'],
  [144, second],
];

describe('kernels in PE images', () => {
  itRecognises([
    ['kernel certain Linux PE image', [...PE, [56, le(0x818223cd, 4)]], [57, [0]], [0, 'MX']],
    [
      'kernel likely EFI zboot',
      [
        [0, 'MZ\0\0zimg'],
        [8, le(4096, 4)],
        [12, le(9000, 4)],
      ],
      [8, le(63, 4)],
      [12, le(0, 4)],
    ],
    ['kernel certain unified kernel image', sections(2, '.linux\0\0'), [70, le(1, 2)], [144, '.initrd\0'], [64, 'NE']],
  ]);

  it('a PE image without a kernel is none', () => expect(verdictOf(windowOf(bytesWith(PE)))).toBe('unknown'));
  it('does not search more sections than any kernel has', () => {
    const far: readonly Patch[] = [...PE, [70, le(0xffff, 2)], [84, le(0, 2)], [88 + 40 * 96, '.linux\0\0']];
    expect(verdictOf(windowOf(bytesWith(far)))).toBe('unknown');
    const last: readonly Patch[] = [...PE, [70, le(0xffff, 2)], [84, le(0, 2)], [88 + 40 * 95, '.linux\0\0']];
    expect(verdictOf(windowOf(bytesWith(last)))).toBe('kernel certain unified kernel image');
  });
  it('a signature behind the window is none', () => {
    expect(isPortableExecutable(fieldsOf(bytesWith(PE, 68)))).toBe(true);
    expect(isPortableExecutable(fieldsOf(bytesWith(PE, 68).slice(0, 67)))).toBe(false);
    expect(isPortableExecutable(fieldsOf(bytesWith(PE, 68).slice(0, 63)))).toBe(false);
  });
});
