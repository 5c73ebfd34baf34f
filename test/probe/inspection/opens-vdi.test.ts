import { expect, it } from 'vitest';

import { opensVdi } from '../../../src/probe/inspection/opens-vdi.ts';
import { patch, vdiImage, type Patchable } from '../containers/bytes.ts';

const MIB = 1024 * 1024;
/** With the blocks of 1 MiB that QEMU wants. */
const image = () => patch(vdiImage()).le32(376, MIB).le32(384, 1);
const opens = ({ bytes }: Patchable) => opensVdi({ bytes, size: bytes.length });

it.each([
  ['as it should be', image()],
  ['of a type that is not defined', image().le32(76, 9)],
  ['with a map behind the end', image().le32(340, 0x4000_0000)],
  ['with extra bytes for each block', image().le32(380, 512)],
  ['with an odd size', image().le64(368, MIB - 1)],
  ['of the most blocks', image().le32(384, 536_870_784)],
])('QEMU opens a VDI %s', (_what, bytes) => {
  expect(opens(bytes)).toBe(true);
});

it.each([
  ['version 1.2', image().le32(68, 0x0001_0002)],
  ['a map between sectors', image().le32(340, 513)],
  ['data between sectors', image().le32(344, 1025)],
  ['sectors of 4096 bytes', image().le32(360, 4096)],
  ['blocks of 64 KiB', patch(vdiImage())],
  ['a disk larger than its map', image().le64(368, MIB + 1)],
  ['too many blocks', image().le32(384, 536_870_785)],
  ['a link to another image', image().u8(424, 1)],
  ['a parent', image().u8(455, 1)],
])('QEMU refuses a VDI with %s', (_what, bytes) => {
  expect(opens(bytes)).toBe(false);
});

it('nothing is said of a VDI whose first sector was not seen', () => {
  expect(opensVdi({ bytes: image().bytes.subarray(0, 511), size: 9999 })).toBeNull();
});
