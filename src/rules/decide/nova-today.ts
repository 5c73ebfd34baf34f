import type { ReferenceTarget } from '../../model/image.ts';
import type { ServicePrediction, ServiceVerdict } from '../../model/service-prediction.ts';
import type { Disposition } from '../../model/vocabulary.ts';

/** What a service can see of an image beside its bytes. */
export interface NovaView {
  /** As stored. Services do not fold words and have no aliases. */
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
  readonly kernel: ReferenceTarget['kind'];
  readonly ramdisk: ReferenceTarget['kind'];
  readonly usedAs: 'nothing' | 'kernel' | 'ramdisk' | 'both';
  /** `volumes`: a snapshot that boots from volumes. `none`: the image has no data. */
  readonly payload: 'bytes' | 'volumes' | 'none';
}

/** Container words for archives. */
const ARCHIVES: ReadonlySet<string> = new Set(['ova', 'docker', 'compressed', 'tgz']);
/** Disk words that fit the bytes of an archive, because these have no format that Nova knows. */
const FIT_ARCHIVES: ReadonlySet<string> = new Set(['raw', 'ami', 'aki', 'ari']);

/**
 * Says what Nova with libvirt does with an image. Its inspection is the verdict; the rest follows from the row: kernel
 * and ramdisk must exist (nova/compute/api.py:633), a kernel gives direct boot (libvirt/driver.py:7410), iso is
 * attached as a CD-ROM (libvirt/blockinfo.py:434). Lines of nova 00a030403f.
 *
 * @param inspected the verdict of Nova. If it is unknown, the bytes count as what the words say.
 */
export function novaToday(view: NovaView, inspected: ServiceVerdict): Disposition {
  if (view.payload === 'volumes') return 'boot-disk';
  if (view.payload === 'none' || isGone(view.kernel) || isGone(view.ramdisk)) return 'refuse';
  if (inspected.kind === 'refused') return 'refuse';
  if (inspected.kind === 'unknown' && saysArchive(view)) return 'refuse';
  if (view.kernel === 'live') return 'boot-with-kernel';
  if (view.diskFormat === 'iso') return 'attach-cdrom';
  if (view.usedAs === 'kernel' || view.usedAs === 'both') return 'use-as-kernel';
  return view.usedAs === 'ramdisk' ? 'use-as-ramdisk' : 'boot-disk';
}

/** Whether an image is only used as the kernel or ramdisk of others. Nova downloads these without a look at them. */
export function isBootPart({ usedAs, kernel, diskFormat }: NovaView): boolean {
  return usedAs !== 'nothing' && kernel !== 'live' && diskFormat !== 'iso';
}

/** The verdict of Nova today: of the first of two releases that are compared. */
export function novaVerdict(services: readonly ServicePrediction[]): ServiceVerdict {
  const nova = services.find(({ service }) => service === 'nova');
  return nova?.before ?? nova?.verdict ?? { kind: 'unknown', why: 'nothing is known of Nova' };
}

function isGone(kind: ReferenceTarget['kind']): boolean {
  return kind === 'missing' || kind === 'deleted';
}

/** Whether the words contradict each other: an archive is none of the formats that Nova compares with. */
function saysArchive({ diskFormat, containerFormat }: NovaView): boolean {
  return (
    containerFormat !== null && ARCHIVES.has(containerFormat) && (diskFormat === null || !FIT_ARCHIVES.has(diskFormat))
  );
}
