import { firstSectorOf, type SeenBytes } from './seen-bytes.ts';

const BLOCK = 2 ** 20;
const MOST_BLOCKS = (2 ** 31 - 512) / 4;

/**
 * Whether QEMU opens a VDI (block/vdi.c of 7.2, vdi_open). It looks at the header alone: not at the type of the image,
 * and a map behind the end of the file is zeros.
 */
export function opensVdi(seen: SeenBytes): boolean | null {
  const header = firstSectorOf(seen);
  if (header === null) return null;
  const blocks = header.u32le(384);
  return (
    header.u32le(68) === 0x0001_0001 &&
    header.u32le(340) % 512 === 0 &&
    header.u32le(344) % 512 === 0 &&
    header.u32le(360) === 512 &&
    header.u32le(376) === BLOCK &&
    blocks <= MOST_BLOCKS &&
    header.u64le(368) <= BigInt(blocks) * BigInt(BLOCK) &&
    // The identifiers of a linked and of a parent image.
    header.slice(424, 456).every((byte) => byte === 0)
  );
}
