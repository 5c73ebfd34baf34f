import type { ReferenceTarget } from '../../model/image.ts';
import type { SafetyCode } from '../../model/safety.ts';
import type { Disposition, ImageType } from '../../model/vocabulary.ts';
import type { ReadContent, SeenContent } from './seen-content.ts';

/** What Nova can see of an image. */
export interface NovaView {
  /** As stored. Nova does not fold words and has no aliases. */
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
  readonly kernel: ReferenceTarget['kind'];
  readonly ramdisk: ReferenceTarget['kind'];
  readonly usedAs: 'nothing' | 'kernel' | 'ramdisk' | 'both';
  /** `volumes`: a snapshot that boots from volumes. `none`: the image has no data. */
  readonly payload: 'bytes' | 'volumes' | 'none';
  /** null if the bytes were not read; then only the row counts. */
  readonly content: SeenContent | null;
}

/** Container words for archives. Their bytes contradict every disk word except raw. */
const ARCHIVES: ReadonlySet<string> = new Set(['ova', 'docker', 'compressed', 'tgz']);

/**
 * What Nova with libvirt, 2024 and later, does with the row. Sources, nova 00a030403f: kernel and ramdisk must exist
 * (compute/api.py:633); a kernel gives direct boot (libvirt/driver.py:7410); iso is attached as a CD-ROM
 * (libvirt/blockinfo.py:434); content must match disk_format (virt/images.py, CVE-2024-32498). container_format is not
 * read.
 */
export function novaToday(view: NovaView): Disposition {
  if (view.payload === 'volumes') return 'boot-disk';
  if (view.payload === 'none') return 'refuse';
  if (gone(view.kernel) || gone(view.ramdisk)) return 'refuse';
  const refused = novaRefusal(view) !== null;
  if (view.kernel === 'live') return refused ? 'refuse' : 'boot-with-kernel';
  if (view.diskFormat === 'iso') return refused ? 'refuse' : 'attach-cdrom';
  if (view.usedAs === 'kernel' || view.usedAs === 'both') return 'use-as-kernel';
  if (view.usedAs === 'ramdisk') return 'use-as-ramdisk';
  if (view.diskFormat === null) return 'refuse';
  if (refused) return 'refuse';
  if (EXEMPT.has(view.diskFormat)) return 'boot-disk';
  // The inspection has no format named ploop, qcow, cow or qed, or for a site's own word, and refuses it.
  if (!INSPECTED.has(view.diskFormat)) return 'refuse';
  if (view.diskFormat === 'raw') return 'boot-disk';
  // The container words count only if the bytes are unknown.
  if (view.content?.kind === 'read' && view.content.containerType !== null) return 'boot-disk';
  if (view.containerFormat !== null && ARCHIVES.has(view.containerFormat)) return 'refuse';
  // XenServer's pair is always a tar.gz, which the inspection does not accept as VHD.
  if (view.diskFormat === 'vhd' && view.containerFormat === 'ovf') return 'refuse';
  return 'boot-disk';
}

/** Why Nova refuses the content; null if it accepts it, or does not inspect it (only a kernel or ramdisk). */
export function novaRefusal({ content, diskFormat, kernel, payload, usedAs }: NovaView): string | null {
  if (content?.kind !== 'read' || payload !== 'bytes') return null;
  if (usedAs !== 'nothing' && kernel !== 'live' && diskFormat !== 'iso') return null;
  return inspectionRefusal(diskFormat, content);
}

function gone(kind: ReferenceTarget['kind']): boolean {
  return kind === 'missing' || kind === 'deleted';
}

/**
 * The result of the content inspection in Nova, and in Glance at an upload. Sources: nova/virt/images.py,
 * do_image_deep_inspection (9cdce71594 of 2024-07-02, CVE-2024-32498; raw found to be gpt is accepted, iso found
 * together with gpt counts as iso, 507c6c1113); oslo.utils imageutils/format_inspector.py. Formats have the names used
 * there. The check by qemu-img and the second inspection after the conversion to raw, with the default backend, are
 * included.
 */

/** Formats whose content only has to be raw for qemu-img. Safety checks still apply. */
const EXEMPT: ReadonlySet<string> = new Set(['ami', 'aki', 'ari']);
/** Disk words that have an inspector; other words are refused. iso has one as well and is handled separately. */
const INSPECTED: ReadonlySet<string> = new Set(['raw', 'qcow2', 'vhd', 'vhdx', 'vmdk', 'vdi', 'gpt', 'luks']);

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

/** Why the inspection refuses content declared as this disk_format; null if it accepts it, or if unknown. */
function inspectionRefusal(diskFormat: string | null, content: ReadContent): string | null {
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

/** Refusals after the inspector: by qemu-img for raw and exempt images, or in the image converted to raw. */
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
