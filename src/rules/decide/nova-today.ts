import type { ReferenceTarget } from '../../model/image.ts';
import type { Disposition } from '../../model/vocabulary.ts';
import { EXEMPT, INSPECTED, inspectionRefusal } from './nova-inspection.ts';
import type { SeenContent } from './seen-content.ts';

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
 * What Nova with libvirt, 2024 and later, does with the row. Sources, nova 00a030403f: kernel and ramdisk
 * must exist (compute/api.py:633); a kernel gives direct boot (libvirt/driver.py:7410); iso is attached as a CD-ROM
 * (libvirt/blockinfo.py:434); content must match disk_format (virt/images.py, CVE-2024-32498). container_format is not read.
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

/** Why Nova refuses the content; null if it accepts it, or does not inspect it because it serves only as a kernel or ramdisk. */
export function novaRefusal({ content, diskFormat, kernel, payload, usedAs }: NovaView): string | null {
  if (content?.kind !== 'read' || payload !== 'bytes') return null;
  if (usedAs !== 'nothing' && kernel !== 'live' && diskFormat !== 'iso') return null;
  return inspectionRefusal(diskFormat, content);
}

function gone(kind: ReferenceTarget['kind']): boolean {
  return kind === 'missing' || kind === 'deleted';
}
