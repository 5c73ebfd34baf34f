import type { OneField, Classification } from '../../model/decision.ts';
import type { ContainerType, Disposition, Format, ImageType } from '../../model/vocabulary.ts';

const DISKS: Partial<Readonly<Record<ContainerType, Format>>> = {
  raw: 'raw',
  vhd: 'vhd',
  vmdk: 'vmdk',
  vdi: 'vdi',
  qcow2: 'qcow2',
};
const RAW_TYPES: Partial<Readonly<Record<ImageType, Format>>> = {
  kernel: 'aki',
  ramdisk: 'ari',
  filesystem: 'ami',
  iso9660: 'iso',
};

/**
 * The word of the one-field model for a classification, or why it has none. Source: Jay Pipes' proposal of 2011-12-01,
 * ten words: ova, raw, vhd, vmdk, vdi, iso, qcow2, aki, ari, ami.
 */
export function oneField({ imageType, containerType, envelope }: Classification): OneField {
  if (envelope === 'ova') return { format: 'ova' };
  if (envelope === 'docker' || envelope === 'compressed' || envelope === 'tgz') {
    return noWord(`the envelope ${envelope}`);
  }
  // Unverified ovf and XenServer's tar.gz get the word of the content, as in the legacy fields.
  if (imageType === 'other') return noWord('other content');
  if (imageType === 'disk') {
    const format = DISKS[containerType];
    return format === undefined ? noWord(containerType) : { format };
  }
  const format = containerType === 'raw' ? RAW_TYPES[imageType] : undefined;
  return format === undefined ? noWord(`a ${imageType} inside ${containerType}`) : { format };
}

function noWord(thing: string): OneField {
  return { format: null, why: `the one-field model has no word for ${thing}` };
}

const DISPOSITIONS: Readonly<Record<ImageType, Disposition>> = {
  disk: 'boot-disk',
  filesystem: 'boot-with-kernel',
  iso9660: 'attach-cdrom',
  kernel: 'use-as-kernel',
  ramdisk: 'use-as-ramdisk',
  other: 'refuse',
};

/** What a consumer should do with an image of a type. Source: Soren Hansen's message of 2011-12-02. */
export function disposition(type: ImageType): Disposition {
  return DISPOSITIONS[type];
}
