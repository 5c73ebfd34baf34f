import type { SafetyCode } from '../../model/safety.ts';
import type { ImageType } from '../../model/vocabulary.ts';
import type { ReadContent } from './seen-content.ts';

/**
 * What the content inspection of Nova, and of Glance at an upload, makes of bytes. Sources: nova/virt/images.py,
 * do_image_deep_inspection (9cdce71594 of 2024-07-02, CVE-2024-32498; raw that is found to be gpt is let through, iso
 * found together with gpt counts as iso, 507c6c1113); oslo.utils imageutils/format_inspector.py. Formats are named as
 * there. What qemu-img must say of the bytes, and the second inspection after the conversion to raw, with the default
 * backend, are part of it.
 */

/**
 * Formats whose content need only be raw to qemu-img: a bundle may hold almost anything. Their safety is checked all
 * the same.
 */
export const EXEMPT: ReadonlySet<string> = new Set(['ami', 'aki', 'ari']);
/** Disk words for which there is an inspector; any other is refused for its name. iso has one, too, and is dealt with apart. */
export const INSPECTED: ReadonlySet<string> = new Set(['raw', 'qcow2', 'vhd', 'vhdx', 'vmdk', 'vdi', 'gpt', 'luks']);

/** Safety codes that fail a check of the inspector for that format; the others have no checks. */
const UNSAFE: Readonly<Record<string, readonly SafetyCode[]>> = {
  qcow2: ['BACKING_FILE', 'EXTERNAL_DATA_FILE', 'UNKNOWN_FEATURE_BITS', 'FEATURE_REFUSED', 'MALFORMED_HEADER'],
  // A parent that only QEMU finds is refused behind the inspector, by what qemu-img reports.
  vmdk: [
    'BACKING_FILE',
    'EXTERNAL_EXTENTS',
    'SMUGGLED_DESCRIPTOR',
    'SUBTYPE_REFUSED',
    'HEADERS_DISAGREE',
    'MALFORMED_HEADER',
  ],
  gpt: ['GPT_NONSTANDARD', 'BOOT_SECTOR_REFUSED'],
};

/** Why the inspection refuses the content of an image declared so; null where it does not, or where it cannot be told. */
export function inspectionRefusal(diskFormat: string | null, content: ReadContent): string | null {
  if (diskFormat === null || !(EXEMPT.has(diskFormat) || INSPECTED.has(diskFormat) || diskFormat === 'iso'))
    return null;
  if (content.safety.includes('POLYGLOT')) return 'its bytes are found to be several formats';
  const detected = detectedFormats(content);
  const [first] = detected;
  if (first === undefined) return null;
  if (first === 'qed') return 'qed is refused as unsafe';
  if (content.envelope === null && content.containerType === 'qcow') return 'the first qcow is refused as unsafe';
  const unsafe = content.safety.filter((code) => detected.some((format) => UNSAFE[format]?.includes(code)));
  if (unsafe.length > 0) return `a safety check fails (${unsafe.join(', ')})`;
  if (!EXEMPT.has(diskFormat) && !detected.includes(diskFormat)) return `declared ${diskFormat}, found to be ${first}`;
  return insideRefusal(diskFormat, content);
}

/** Containers that are converted to raw, after which the inspection is repeated. */
const CONVERTED: ReadonlySet<string> = new Set(['qcow2', 'vmdk', 'vdi', 'vhdx']);

/**
 * What is found after the comparison: by qemu-img, which must call the bytes of a raw or exempt image raw, or in the
 * converted image.
 */
function insideRefusal(diskFormat: string, { containerType, envelope, safety }: ReadContent): string | null {
  if (envelope !== null || containerType === null) return null;
  const mustBeRaw = diskFormat === 'raw' || EXEMPT.has(diskFormat);
  if (mustBeRaw && (CONVERTED.has(containerType) || containerType === 'luks' || containerType === 'ploop')) {
    return `declared ${diskFormat}, but qemu-img finds ${containerType}`;
  }
  if (!CONVERTED.has(containerType)) return null;
  const inside = safety.filter((code) => code === 'GPT_NONSTANDARD' || code === 'BOOT_SECTOR_REFUSED');
  if (inside.length > 0) return `a safety check of the disk inside fails (${inside.join(', ')})`;
  return safety.includes('ENCRYPTED_CONTENT') ? 'it is encrypted and cannot be converted without a key' : null;
}

const IN_RAW: Readonly<Record<ImageType, readonly string[]>> = {
  // Any MBR counts as gpt, which raw is allowed to be; a disk by another partition table is raw.
  disk: ['gpt', 'raw'],
  iso9660: ['iso'],
  filesystem: ['raw'],
  kernel: ['raw'],
  ramdisk: ['raw'],
  other: ['raw'],
};

/** The formats that the inspection may take the bytes for, the likeliest first; empty where it cannot be told. */
function detectedFormats({ envelope, containerType, imageType, safety, certainty }: ReadContent): readonly string[] {
  if (containerType === null) return [];
  // There is no inspector for archives and compressed data, nor for cow and ploop; the first qcow shares its magic with qcow2.
  if (envelope !== null || containerType === 'cow' || containerType === 'ploop') return ['raw'];
  if (containerType === 'qcow') return ['qcow2'];
  // A fixed VHD has its magic at the end, where the inspection does not look.
  if (containerType === 'vhd') return ['vhd', 'gpt', 'raw'];
  if (containerType !== 'raw') return [containerType];
  if (safety.includes('BOOT_SECTOR_REFUSED')) return ['gpt'];
  return imageType === null || certainty === 'weak' ? ['raw', 'gpt'] : IN_RAW[imageType];
}
