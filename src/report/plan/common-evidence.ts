import type { Evidence } from '../../model/decision.ts';

/**
 * Evidence that several images may share, each piece once: without ids, counts, examples, offsets and sizes, and
 * without the tuple and the rows that took part.
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

/** `byte 446: MBR: 1 entry; …`: offsets and sizes differ from image to image; a version has fewer digits. */
function withoutPlaces(detail: string): string {
  return detail.replaceAll(/\b(?:byte|guest|decompressed) (?:\d+|beyond 1 MiB): /g, '').replaceAll(/\b\d{5,}\b/g, '…');
}
