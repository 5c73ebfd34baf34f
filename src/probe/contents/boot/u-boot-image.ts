import { crc32 } from 'node:zlib';
import type { ImageType } from '../../../model/vocabulary.ts';
import { withZeroed } from '../../reading/checksums.ts';
import { sighting, type Recogniser } from '../sighting/sighting.ts';

const MAGIC = 0x27051956;
const HEADER = 64;

/**
 * Types of content (u-boot include/image.h, IH_TYPE_*). A multi-file image boots as a kernel with its ramdisk and
 * device tree. Types that are not listed are firmware, scripts or device trees.
 */
const MEANING: ReadonlyMap<number, { readonly imageType: ImageType; readonly word: string }> = new Map([
  [2, { imageType: 'kernel', word: 'kernel' }],
  [3, { imageType: 'ramdisk', word: 'ramdisk' }],
  [4, { imageType: 'kernel', word: 'multi-file image' }],
  [5, { imageType: 'other', word: 'firmware' }],
  [6, { imageType: 'other', word: 'script' }],
  [7, { imageType: 'filesystem', word: 'filesystem' }],
  [8, { imageType: 'other', word: 'device tree' }],
  [14, { imageType: 'kernel', word: 'kernel' }],
]);

/** U-Boot's legacy image: a 64-byte header with a CRC-32 of itself. */
export const uBootImage: Recogniser = ({ bytes }) => {
  if (bytes.u32be(0) !== MAGIC) return null;
  const header = bytes.slice(0, HEADER);
  if (crc32(withZeroed(header, 4, 8)) !== bytes.u32be(4)) return null;
  const { imageType, word } = MEANING.get(bytes.u8(30)) ?? { imageType: 'other', word: 'of another kind' };
  return sighting('U-Boot image', imageType, 'certain', 0, {
    detail: `${word}, header checksum holds`,
    claims: BigInt(HEADER) + BigInt(bytes.u32be(12)),
  });
};
