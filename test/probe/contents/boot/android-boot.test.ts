import { describe, expect, it } from 'vitest';
import { recogniseContent } from '../../../../src/probe/contents/recognise.ts';
import { itRecognises } from '../support/formats.ts';
import { bytesWith, le, type Patch, windowOf } from '../support/windows.ts';

/** Header version 0 to 2: kernel and ramdisk sizes at 8 and 16, pages of 2048 bytes. */
const OLD: readonly Patch[] = [
  [0, 'ANDROID!'],
  [8, le(5000, 4)],
  [16, le(700, 4)],
  [36, le(2048, 4)],
];

describe('Android boot images', () => {
  itRecognises([
    ['kernel certain Android boot image', OLD, [36, le(3000, 4)], [36, le(1024, 4)], [8, le(0, 4)]],
    [
      'kernel certain Android boot image',
      [
        [0, 'ANDROID!'],
        [8, le(5000, 4)],
        [40, le(3, 4)],
      ],
      [40, le(5, 4)],
      [8, le(0, 4)],
    ],
    [
      'other certain Android vendor boot image',
      [
        [0, 'VNDRBOOT'],
        [8, le(4, 4)],
        [12, le(4096, 4)],
      ],
      [8, le(2, 4)],
      [8, le(5, 4)],
      [12, le(1000, 4)],
    ],
  ]);

  it('with a ramdisk alone are no kernel, but may be declared a ramdisk', () => {
    const content = recogniseContent(windowOf(bytesWith([...OLD, [8, le(0, 4)]])));
    expect(content).toMatchObject({ imageType: 'other', alsoReadAs: ['ramdisk'] });
  });
  it('claim the bytes of kernel and ramdisk', () => {
    const bytes = bytesWith(OLD);
    expect(recogniseContent(windowOf(bytes, { guestSize: 5700 }))).toMatchObject({ safety: [] });
    expect(recogniseContent(windowOf(bytes, { guestSize: 5699 }))).toMatchObject({ safety: ['TRUNCATED'] });
  });
});
