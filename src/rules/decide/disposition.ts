import type { Disposition, ImageType } from '../../model/vocabulary.ts';

const BY_TYPE: Readonly<Record<ImageType, Disposition>> = {
  disk: 'boot-disk',
  filesystem: 'boot-with-kernel',
  iso9660: 'attach-cdrom',
  kernel: 'use-as-kernel',
  ramdisk: 'use-as-ramdisk',
  other: 'refuse',
};

/** What a consumer should do with an image of a type. Source: Soren Hansen's message of 2011-12-02. */
export function disposition(type: ImageType): Disposition {
  return BY_TYPE[type];
}
