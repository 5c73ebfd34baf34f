import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isPortableExecutable } from '../../../../src/probe/contents/boot/kernel-images.ts';
import { fieldsOf } from '../../../../src/probe/reading/fields.ts';
import { itRecognises } from '../support/formats.ts';
import { bytesWith, le, type Patch, verdictOf, windowOf, patched, be } from '../support/windows.ts';
import { recogniseContent } from '../../../../src/probe/contents/recognise.ts';

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

describe('kernels with headers of other kinds, written after their specification', () => {
  const kernels: readonly (readonly [string, readonly Patch[]])[] = [
    [
      'kernel likely arm64 Image',
      [
        [56, 'ARM\x64'],
        [16, le(1000n, 8)],
        [24, [0x0a]],
      ],
    ],
    [
      'kernel certain arm64 Image',
      [
        [0, 'MZ'],
        [56, 'ARM\x64'],
        [60, le(64, 4)],
        [64, 'PE\0\0'],
      ],
    ],
    [
      'kernel certain RISC-V Image',
      [
        [32, le(2, 4)],
        [48, 'RISCV'],
        [56, 'RSC\x05'],
      ],
    ],
    [
      'kernel likely RISC-V Image',
      [
        [32, le(1, 4)],
        [48, 'RISCV'],
      ],
    ],
    [
      'kernel certain ARM zImage',
      [
        [36, le(0x016f2818, 4)],
        [44, le(5000, 4)],
        [48, le(0x04030201, 4)],
      ],
    ],
    [
      'kernel certain ARM zImage',
      [
        [36, be(0x016f2818, 4)],
        [44, be(5000, 4)],
        [48, be(0x04030201, 4)],
      ],
    ],
    [
      'kernel likely ARM zImage',
      [
        [0, [0, 0, 0xa0, 0xe1, 0, 0, 0xa0, 0xe1]],
        [36, le(0x016f2818, 4)],
        [44, le(5000, 4)],
      ],
    ],
    ['kernel likely s390 image', [[65_544, 'S390EP']]],
  ];
  it.each(kernels)('%s', (line, patches) => expect(verdictOf(windowOf(bytesWith(patches)))).toBe(line));

  const none: readonly (readonly [string, readonly Patch[]])[] = [
    [
      'an arm64 magic among used words',
      [
        [56, 'ARM\x64'],
        [40, [1]],
      ],
    ],
    [
      'an arm64 magic with odd flags',
      [
        [56, 'ARM\x64'],
        [30, [1]],
      ],
    ],
    [
      'a RISC-V magic of a far version',
      [
        [32, le(0x20000, 4)],
        [56, 'RSC\x05'],
      ],
    ],
    [
      'an ARM magic that ends before it starts',
      [
        [36, le(0x016f2818, 4)],
        [40, le(9, 4)],
        [48, le(0x04030201, 4)],
      ],
    ],
    [
      'an ARM magic alone',
      [
        [36, le(0x016f2818, 4)],
        [44, le(5000, 4)],
      ],
    ],
    [
      'an empty ARM zImage',
      [
        [36, le(0x016f2818, 4)],
        [48, le(0x04030201, 4)],
      ],
    ],
  ];
  it.each(none)('%s is none', (_, patches) => expect(verdictOf(windowOf(bytesWith(patches)))).toBe('unknown'));
});

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
