import type { Question } from '../../model/question.ts';
import { formatWord } from './decision-words.ts';

/** What decides every question. */
const ANSWER = 'your answer to this question';

/** Reading the content, where that was not done yet. */
const PROBE = 'plan --probe undecided --store-path DIR';

/** What would decide the group: the evidence that it lacks, and last the operator's answer. */
export function resolutionText(group: Question): string {
  if (group.candidates.some((candidate) => candidate.containerType === 'luks')) {
    return `${ANSWER}; the content is encrypted, so only its maker knows`;
  }
  const types = new Set(group.candidates.map((candidate) => candidate.imageType));
  const ways = [
    group.contentUnasked > 0 ? PROBE : '',
    types.has('filesystem') ? 'a live kernel_id on those that are filesystems' : '',
    types.has('kernel') || types.has('ramdisk')
      ? 'images that name them as kernel_id or ramdisk_id for those that are kernels or ramdisks'
      : '',
    group.status === 'unmappable' ? unmappableText(group) : ANSWER,
  ];
  return ways.filter((way) => way !== '').join('; or ');
}

function unmappableText({ diskFormat }: Question): string {
  return diskFormat === null
    ? `${ANSWER}, once you know what these images hold`
    : `${ANSWER}, or an alias in a rules file that says what ${formatWord(diskFormat)} is`;
}
