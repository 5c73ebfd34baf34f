import type { SafetyCode } from '../../model/safety.ts';
import type { ImageType } from '../../model/vocabulary.ts';
import type { ReadContent } from './seen-content.ts';

/**
 * The result of the content inspection in Nova, and in Glance at an upload. Sources: nova/virt/images.py,
 * do_image_deep_inspection (9cdce71594 of 2024-07-02, CVE-2024-32498; raw found to be gpt is accepted, iso found
 * together with gpt counts as iso, 507c6c1113); oslo.utils imageutils/format_inspector.py. Formats have
 * the names used there. The check by qemu-img and the second inspection after the conversion to raw, with the default backend, are
 * included.
 */

/** Formats whose content only has to be raw for qemu-img, because a bundle may hold almost anything. Safety checks still apply. */
export const EXEMPT: ReadonlySet<string> = new Set(['ami', 'aki', 'ari']);
/** Disk words that have an inspector; other words are refused. iso has one as well and is handled separately. */
export const INSPECTED: ReadonlySet<string> = new Set(['raw', 'qcow2', 'vhd', 'vhdx', 'vmdk', 'vdi', 'gpt', 'luks']);

/** Safety codes that fail a check of the inspector for that format; the others have no checks. */
const UNSAFE: Readonly<Record<string, readonly SafetyCode[]>> = {
  qcow2: ['BACKING_FILE', 'EXTERNAL_DATA_FILE', 'UNKNOWN_FEATURE_BITS', 'FEATURE_REFUSED', 'MALFORMED_HEADER'],
  // A parent that only QEMU finds is refused after the inspector, by the report of qemu-img.
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

/** Why the inspection refuses the content of an image with this disk_format; null if it accepts it, or if this is unknown. */
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

/** Containers that Nova converts to raw. It inspects the result again. */
const CONVERTED: ReadonlySet<string> = new Set(['qcow2', 'vmdk', 'vdi', 'vhdx']);

/** Refusals after the inspector: qemu-img must report a raw or exempt image as raw, and the converted image is inspected again. */
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
  // Any MBR counts as gpt, which is accepted for raw. A disk with another partition table counts as raw.
  disk: ['gpt', 'raw'],
  iso9660: ['iso'],
  filesystem: ['raw'],
  kernel: ['raw'],
  ramdisk: ['raw'],
  other: ['raw'],
};

/** The formats that the inspection may detect, the likeliest first; empty if this is unknown. */
function detectedFormats({ envelope, containerType, imageType, safety, certainty }: ReadContent): readonly string[] {
  if (containerType === null) return [];
  // Archives, compressed data, cow and ploop have no inspector. qcow has the same magic as qcow2.
  if (envelope !== null || containerType === 'cow' || containerType === 'ploop') return ['raw'];
  if (containerType === 'qcow') return ['qcow2'];
  // A fixed VHD has its magic at the end, which the inspection does not read.
  if (containerType === 'vhd') return ['vhd', 'gpt', 'raw'];
  if (containerType !== 'raw') return [containerType];
  if (safety.includes('BOOT_SECTOR_REFUSED')) return ['gpt'];
  return imageType === null || certainty === 'weak' ? ['raw', 'gpt'] : IN_RAW[imageType];
}
