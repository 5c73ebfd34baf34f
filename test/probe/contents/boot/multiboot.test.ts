import { describe, expect, it } from 'vitest';
import { elf } from '../support/elf.ts';
import { le, patched, verdictOf, windowOf } from '../support/windows.ts';

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
