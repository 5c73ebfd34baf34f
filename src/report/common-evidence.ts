import type { Evidence } from '../model/decision.ts';

/**
 * What of an image's evidence other images may share: ids, counts and examples are cut out, the tuple as stored and the rows that
 * took part are left out.
 */
export function commonEvidence(evidence: readonly Evidence[]): readonly Evidence[] {
  return evidence
    .filter(({ kind, detail }) => kind !== 'rule' && !(kind === 'tuple' && detail.startsWith('disk_format=')))
    .map(({ kind, detail }) => ({ kind, detail: withoutIds(detail) }));
}

function withoutIds(detail: string): string {
  return detail
    .replace(/^(kernel_id|ramdisk_id)=.* \((live|deleted|missing)\)$/, '$1 is $2')
    .replace(/ of \d+ live images?\b/, ' of live images')
    .replace(/, for example .*$/, '');
}
