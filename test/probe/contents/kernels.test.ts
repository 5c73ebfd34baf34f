import { cpSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recogniseContent } from '../../../src/probe/contents/recognise.ts';
import { installed, run, tree, workplace } from './support/real-tools.ts';
import { be, bytesWith, fileWindow, le, type Patch, patched, verdictOf, windowOf } from './support/windows.ts';

const directory = workplace();
const files = tree(directory);
const image = join(directory, 'image');
const data = join(files, 'data');

describe('x86 kernels of Debian packages', () => {
  it.each(['ipxe', 'memtest', 'memdisk'] as const)('%s', (name) => {
    const window = fileWindow(installed(name));
    expect(verdictOf(window)).toBe('kernel certain bzImage');
    expect(recogniseContent(window)).toMatchObject({ safety: [], alsoReadAs: [] });
  });
  it('cut short', () => {
    const { bytes } = fileWindow(installed('ipxe'));
    expect(recogniseContent({ bytes, guestSize: 100_000, sectorSize: 512 })).toMatchObject({
      imageType: 'kernel',
      confidence: 'likely',
      safety: ['TRUNCATED'],
    });
  });
  it('its table of partitions, be it in order, is none unless it holds for the image', () => {
    const entry = [0, 0, 0, 0, 0x83, 0, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0];
    const bytes = patched(fileWindow(installed('memdisk')).bytes.bytes, [
      [446, new Uint8Array(64)],
      [446, entry],
    ]);
    expect(verdictOf(windowOf(bytes, { guestSize: statSync(installed('memdisk')).size }))).toBe(
      'kernel certain bzImage',
    );
    expect(verdictOf(windowOf(bytes, { guestSize: 64 * 1024 * 1024 }))).toBe('contested bzImage, MBR');
    expect(verdictOf(windowOf(patched(bytes, [[462, [1]]]), { guestSize: 64 * 1024 * 1024 }))).toBe(
      'kernel certain bzImage',
    );
  });
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
  const header: readonly Patch[] = [
    [510, [0x55, 0xaa]],
    [514, 'HdrS'],
    [518, le(0x202, 2)],
  ];
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

const PE: readonly Patch[] = [
  [0, 'MZ'],
  [60, le(64, 4)],
  [64, 'PE\0\0'],
];

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
    ['kernel certain Linux PE image', [...PE, [56, le(0x818223cd, 4)]]],
    [
      'kernel likely EFI zboot',
      [
        [0, 'MZ\0\0zimg'],
        [8, le(4096, 4)],
        [12, le(9000, 4)],
      ],
    ],
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
    ['a PE image', PE],
    [
      'an empty zboot',
      [
        [0, 'MZ\0\0zimg'],
        [8, le(4096, 4)],
      ],
    ],
  ];
  it.each(none)('%s is none', (_, patches) => expect(verdictOf(windowOf(bytesWith(patches)))).toBe('unknown'));
});

describe('unified kernel images', () => {
  it('of objcopy on the stub of systemd; the stub alone is none', () => {
    const stub = installed('efiStub');
    run('objcopy', ['--add-section', `.linux=${data}`, '--change-section-vma', '.linux=0x2000000', stub, image]);
    expect(verdictOf(fileWindow(image))).toBe('kernel certain unified kernel image');
    expect(verdictOf(fileWindow(stub))).toBe('unknown');
  });
});

describe('images of U-Boot', () => {
  it.each([
    ['kernel', 'kernel'],
    ['ramdisk', 'ramdisk'],
    ['multi', 'kernel'],
    ['filesystem', 'filesystem'],
    ['firmware', 'other'],
    ['script', 'other'],
    ['kernel_noload', 'kernel'],
    ['standalone', 'other'],
  ])('%s', (type, imageType) => {
    run('mkimage', ['-A', 'arm', '-O', 'linux', '-T', type, '-C', 'none', '-n', 'x', '-d', data, image]);
    expect(verdictOf(fileWindow(image))).toBe(`${imageType} certain U-Boot image`);
    const renamed = patched(fileWindow(image).bytes.bytes, [[32, 'y']]);
    expect(verdictOf(windowOf(renamed))).toBe('unknown');
  });

  it('FIT with a kernel inside', () => {
    writeFileSync(
      join(directory, 'fit.its'),
      `/dts-v1/; / { description = "x"; #address-cells = <1>; images { kernel { data = /incbin/("${data}"); type = "kernel";
        arch = "arm64"; os = "linux"; compression = "none"; load = <0>; entry = <0>; }; };
        configurations { default = "c"; c { kernel = "kernel"; }; }; };`,
    );
    run('mkimage', ['-f', join(directory, 'fit.its'), image]);
    expect(verdictOf(fileWindow(image))).toBe('kernel certain FIT image');
  });
  it.each([
    ['plain', '/dts-v1/; / { compatible = "x"; chosen { }; };'],
    ['with images deeper down', '/dts-v1/; / { compatible = "x"; chosen { images { }; }; };'],
    ['with a property of that name', '/dts-v1/; / { images = "x"; };'],
  ])('a device tree %s', (_, source) => {
    writeFileSync(join(directory, 'tree.dts'), source);
    run('dtc', ['-q', '-O', 'dtb', '-o', image, join(directory, 'tree.dts')]);
    expect(verdictOf(fileWindow(image))).toBe('other likely device tree');
  });
  it('a FIT with the node behind others', () => {
    writeFileSync(join(directory, 'tree.dts'), '/dts-v1/; / { a { c = "long text"; b { }; }; images { }; };');
    run('dtc', ['-q', '-O', 'dtb', '-o', image, join(directory, 'tree.dts')]);
    expect(verdictOf(fileWindow(image))).toBe('kernel certain FIT image');
  });
});

describe('Android boot images', () => {
  it.each([0, 2, 3])('header version %d', (version) => {
    const args = ['--header_version', `${version}`, '--kernel', data, '--ramdisk', data, '-o', image];
    run('mkbootimg', version === 2 ? [...args, '--dtb', data] : args);
    expect(verdictOf(fileWindow(image))).toBe('kernel certain Android boot image');
  });
  it('without a kernel: no ramdisk that a kernel would take as it is', () => {
    const content = recogniseContent(
      windowOf(
        bytesWith([
          [0, 'ANDROID!'],
          [12, le(500, 4)],
          [40, le(4, 4)],
        ]),
      ),
    );
    expect(content).toMatchObject({ imageType: 'other', alsoReadAs: ['ramdisk'] });
  });
  it('a vendor image', () => {
    run('mkbootimg', ['--header_version', '3', '--vendor_ramdisk', data, '--dtb', data, '--vendor_boot', image]);
    expect(verdictOf(fileWindow(image))).toBe('other certain Android vendor boot image');
  });
  it('a magic with an odd page size is none', () => {
    expect(
      verdictOf(
        windowOf(
          bytesWith([
            [0, 'ANDROID!'],
            [8, le(500, 4)],
            [36, le(3000, 4)],
          ]),
        ),
      ),
    ).toBe('unknown');
  });
});

/** An ELF file for a machine with one segment; `wide` has 64 bits. */
function elf(width: 'narrow' | 'wide', machine: number, address: bigint, segmentType = 1, type = 2): Uint8Array {
  return width === 'wide'
    ? bytesWith([
        [0, '\x7fELF\x02\x01\x01'],
        [16, [...le(type, 2), ...le(machine, 2)]],
        [20, le(1, 4)],
        [32, le(64n, 8)],
        [54, [...le(56, 2), ...le(1, 2)]],
        [64, le(segmentType, 4)],
        [80, le(address, 8)],
      ])
    : bytesWith([
        [0, '\x7fELF\x01\x02\x01'],
        [16, [...be(type, 2), ...be(machine, 2)]],
        [20, be(1, 4)],
        [28, be(52, 4)],
        [42, [...be(32, 2), ...be(1, 2)]],
        [52, be(segmentType, 4)],
        [60, be(address, 4)],
      ]);
}

describe('ELF', () => {
  it.each([
    ['x86-64', elf('wide', 62, 0xffffffff81000000n)],
    ['arm64', elf('wide', 183, 0xffff800008000000n, 1, 3)],
    ['riscv64', elf('wide', 243, 0xffffffff80000000n)],
    ['MIPS', elf('narrow', 8, 0x80100000n)],
    ['ppc64', elf('wide', 21, 0xc000000000000000n, 1, 3)],
    ['PowerPC of 32 bits', elf('narrow', 20, 0xc0000000n)],
  ])('a kernel: %s', (_, bytes) => expect(verdictOf(windowOf(bytes))).toBe('kernel likely ELF kernel'));
  it.each([
    ['a machine that is not listed', elf('wide', 247, 0xffffffff81000000n)],
    ['firmware of ARM', elf('narrow', 40, 0xc0100000n)],
    ['a boot loader of MIPS', elf('narrow', 8, 0xbfc00000n)],
    ['a machine by the range of another', elf('wide', 21, 0xffffffff81000000n)],
    ['the vDSO of an old kernel', elf('wide', 62, 0xffffffffff700000n, 1, 3)],
    ['Xen, in the upper half', elf('wide', 62, 0xffff82d040200000n)],
    ['a program', elf('wide', 62, 0x400000n)],
    ['a program of 32 bits', elf('narrow', 20, 0x400000n)],
    ['an object file', elf('wide', 62, 0xffffffff81000000n, 1, 1)],
    ['a core dump', elf('wide', 62, 0xffffffff81000000n, 1, 4)],
    ['a segment that is not loaded', elf('wide', 62, 0xffffffff81000000n, 4)],
    [
      'an interpreter',
      patched(elf('wide', 62, 0xffffffff81000000n), [
        [56, le(2, 2)],
        [120, le(3, 4)],
      ]),
    ],
    ['no segments', patched(elf('wide', 62, 0xffffffff81000000n), [[56, [0, 0]]])],
    ['segments beyond the window', patched(elf('wide', 62, 0xffffffff81000000n), [[32, le(0x1_0000n, 8)]])],
    ['a thousand segments', patched(elf('wide', 62, 0xffffffff81000000n), [[56, le(1000, 2)]])],
  ])('no kernel: %s', (_, bytes) => expect(verdictOf(windowOf(bytes))).toBe('unknown'));
  it('this very program is none', () => expect(verdictOf(fileWindow(process.execPath))).toBe('unknown'));
});

describe('Multiboot', () => {
  const flags = 0x10000;
  const header = [...le(0x1badb002, 4), ...le(flags, 4), ...le(0x1_0000_0000 - 0x1badb002 - flags, 4)];
  const second = [...le(0xe85250d6, 4), ...le(0, 4), ...le(24, 4), ...le(0x1_0000_0000 - 0xe85250d6 - 24, 4)];
  const program = elf('wide', 62, 0x100000n);
  it.each([
    ['at 4096', [[4096, header]], 'kernel likely Multiboot'],
    [
      'behind a magic that is none',
      [
        [200, header.slice(0, 4)],
        [4096, header],
      ],
      'kernel likely Multiboot',
    ],
    ['version 2', [[16_384, second]], 'kernel likely Multiboot2'],
    ['unaligned', [[4098, header]], 'unknown'],
    ['too far in', [[8192, header]], 'unknown'],
    ['with a wrong sum', [[4096, [...header.slice(0, 11), 0]]], 'unknown'],
    [
      'in a shared object',
      [
        [16, le(3, 2)],
        [4096, header],
      ],
      'unknown',
    ],
    [
      'in a file for another machine',
      [
        [18, le(183, 2)],
        [4096, header],
      ],
      'unknown',
    ],
    [
      'without ELF',
      [
        [0, new Uint8Array(4)],
        [4096, header],
      ],
      'unknown',
    ],
    [
      'behind a boot signature',
      [
        [0, new Uint8Array(200)],
        [510, [0x55, 0xaa]],
        [4096, header],
      ],
      'unknown',
    ],
  ] as const)('%s', (_, patches, line) => expect(verdictOf(windowOf(patched(program, patches)))).toBe(line));
});

it('a kernel is read from its head alone', () => {
  cpSync(installed('memtest'), image);
  const head = new Uint8Array(readFileSync(image).subarray(0, 1024));
  expect(recogniseContent(windowOf(head))).toMatchObject({ kind: 'typed', imageType: 'kernel' });
});
