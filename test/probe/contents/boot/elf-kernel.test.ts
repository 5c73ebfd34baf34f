import { describe, expect, it } from 'vitest';
import { elf } from '../support/elf.ts';
import { le, patched, verdictOf, windowOf } from '../support/windows.ts';

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
