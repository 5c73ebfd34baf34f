import { be, bytesWith, le } from './windows.ts';

/** An ELF file for a machine with one segment; `wide` has 64 bits. */
export function elf(width: 'narrow' | 'wide', machine: number, address: bigint, segmentType = 1, type = 2): Uint8Array {
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
