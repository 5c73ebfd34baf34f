import type { UndecidedGroup } from '../plan-summary-shape.ts';
import { formatWord } from './words.ts';

const OWN_ROW = 'a row of your own for this tuple in a rules file';

/** What would turn the group into one answer: the evidence that it lacks, for an operator who may have it. */
export function resolutionText(group: UndecidedGroup): string {
  if (group.status === 'unmappable') {
    return group.diskFormat === null
      ? `${OWN_ROW}, once you know what these images hold`
      : `an alias or a row of your own in a rules file that says what ${formatWord(group.diskFormat)} is`;
  }
  if (group.candidates.some((candidate) => candidate.containerType === 'luks')) {
    return `${OWN_ROW}; the content is encrypted, so only its maker knows`;
  }
  const types = new Set(group.candidates.map((candidate) => candidate.imageType));
  const ways = [
    types.has('filesystem') ? 'a live kernel_id on those that are filesystems' : '',
    types.has('kernel') || types.has('ramdisk')
      ? 'images that name them as kernel_id or ramdisk_id for those that are kernels or ramdisks'
      : '',
    OWN_ROW,
  ];
  return ways.filter((way) => way !== '').join('; or ');
}
