import type { Evidence } from '../../model/decision.ts';

/**
 * What of an image's evidence other images may share, each sight once: ids, counts, examples, places in the bytes and sizes are cut
 * out, the tuple as stored and the rows that took part are left out.
 */
export function commonEvidence(evidence: readonly Evidence[]): readonly Evidence[] {
  const seen = new Map<string, Evidence>();
  for (const { kind, detail } of evidence) {
    if (kind === 'rule' || (kind === 'tuple' && detail.startsWith('disk_format='))) continue;
    const common = kind === 'content' ? withoutPlaces(detail) : withoutIds(detail);
    seen.set(`${kind}\n${common}`, { kind, detail: common });
  }
  return [...seen.values()];
}

function withoutIds(detail: string): string {
  return detail
    .replace(/^(kernel_id|ramdisk_id)=.* \((live|deleted|missing)\)$/, '$1 is $2')
    .replace(/ of \d+ live images?\b/, ' of live images')
    .replace(/, for example .*$/, '');
}

/** `byte 446: MBR: 1 entry; …`: where it stands differs from image to image, and so do sizes; a version has fewer digits. */
function withoutPlaces(detail: string): string {
  return detail.replaceAll(/\b(?:byte|guest|decompressed) (?:\d+|beyond 1 MiB): /g, '').replaceAll(/\b\d{5,}\b/g, '…');
}
