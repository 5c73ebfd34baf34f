import { isPowerOfTwo } from '../../reading/fields.ts';
import { sighting, type Recogniser } from '../sighting/sighting.ts';

/**
 * Android boot images: kernel and ramdisk in one file. Header versions 0 to 2 have the page size at 36; versions 3 and
 * 4 have pages of 4096 bytes. An image without a kernel (init_boot) holds only a ramdisk. A vendor image cannot boot.
 * Source: AOSP system/tools/mkbootimg, include/bootimg/bootimg.h.
 */
export const androidBoot: Recogniser = ({ bytes }) => {
  if (bytes.is(0, 'VNDRBOOT')) {
    const version = bytes.u32le(8);
    if (version < 3 || version > 4 || !isPowerOfTwo(bytes.u32le(12), 2048, 65_536)) return null;
    return sighting('Android vendor boot image', 'other', 'certain', 0);
  }
  if (!bytes.is(0, 'ANDROID!')) return null;
  const version = bytes.u32le(40);
  const isNew = version === 3 || version === 4;
  if (!isNew && !isPowerOfTwo(bytes.u32le(36), 2048, 65_536)) return null;
  const [kernel, ramdisk] = [bytes.u32le(8), bytes.u32le(isNew ? 12 : 16)];
  if (kernel === 0 && ramdisk === 0) return null;
  if (kernel === 0) {
    return sighting('Android boot image', 'other', 'certain', 0, { detail: 'ramdisk only', alsoReadAs: ['ramdisk'] });
  }
  return sighting('Android boot image', 'kernel', 'certain', 0, {
    detail: ramdisk === 0 ? 'kernel' : 'kernel and ramdisk',
    claims: BigInt(kernel) + BigInt(ramdisk),
  });
};
