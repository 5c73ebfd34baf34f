import type { Fields } from '../../reading/fields.ts';
import { sighting, type Recogniser } from '../sighting/sighting.ts';

/** Devicetree specification 0.4, chapter 5, "Flattened Devicetree (DTB) Format". */
const MAGIC = 0xd00dfeed;
const BEGIN_NODE = 1;
const END_NODE = 2;
const PROPERTY = 3;
const NOP = 4;

/** A flattened device tree. With a node `images` below the root it is U-Boot's FIT image (u-boot doc/usage/fit). */
export const deviceTree: Recogniser = ({ bytes }) => {
  if (bytes.u32be(0) !== MAGIC) return null;
  const total = bytes.u32be(4);
  const structure = bytes.u32be(8);
  const version = bytes.u32be(20);
  const oldest = bytes.u32be(24);
  if (structure < 40 || structure >= total || bytes.u32be(12) > total) return null;
  if (version < 16 || version > 32 || oldest > version || oldest < 1) return null;
  const claims = BigInt(total);
  return hasImagesNode(bytes, structure)
    ? sighting('FIT image', 'kernel', 'certain', structure, { detail: 'device tree with /images', claims })
    : sighting('device tree', 'other', 'likely', 0, { detail: 'no /images node seen', claims });
};

/** Whether the window holds the node `/images`, which may come behind other children of the root. */
function hasImagesNode(bytes: Fields, structure: number): boolean {
  let depth = 0;
  let at = structure;
  while (bytes.has(at, 12)) {
    const token = bytes.u32be(at);
    if (token === BEGIN_NODE) {
      depth += 1;
      if (depth === 2 && bytes.is(at + 4, 'images\0')) return true;
      at = aligned(nameEnd(bytes, at + 4));
    } else if (token === PROPERTY) {
      at = aligned(at + 12 + bytes.u32be(at + 4));
    } else if (token === END_NODE || token === NOP) {
      if (token === END_NODE) depth -= 1;
      at += 4;
    } else {
      return false;
    }
    if (depth === 0) return false;
  }
  return false;
}

/** Returns the offset behind the NUL of a node's name; the end of the window where there is none. */
function nameEnd(bytes: Fields, start: number): number {
  const nul = bytes.bytes.indexOf(0, start);
  return nul === -1 ? bytes.length : nul + 1;
}

function aligned(offset: number): number {
  return Math.ceil(offset / 4) * 4;
}
