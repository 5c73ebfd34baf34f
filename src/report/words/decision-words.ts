import { formatWord } from '../../model/fold-word.ts';
import type { Classification } from '../../model/decision.ts';
import type { Severity } from '../../model/finding.ts';
import type { Question } from '../../model/question.ts';
import type { DecisionStatus } from '../../model/vocabulary.ts';
import type { Tone } from './style.ts';

export interface Tuple {
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
}

/** `raw / bare`, `NULL / bare`. */
export function tupleText({ diskFormat, containerFormat }: Tuple, slash = ' / '): string {
  return `${formatWord(diskFormat)}${slash}${formatWord(containerFormat)}`;
}

/** A classification of which parts may be unknown, and whose words may come from a newer version. */
export interface PartialClassification {
  readonly imageType: string | null;
  readonly containerType: string | null;
  readonly envelope: string | null;
}

/** `disk/qcow2`, `disk/vmdk in ova`, `?/raw in tgz`: a question mark stands for an unknown part. */
export function classificationText({ imageType, containerType, envelope }: PartialClassification): string {
  return `${imageType ?? '?'}/${containerType ?? '?'}${envelope === null ? '' : ` in ${envelope}`}`;
}

/** Best first: `disk/raw or filesystem/raw`; `(disk, filesystem or kernel)/raw` where all else is equal. */
export function candidatesText(candidates: readonly Classification[]): string {
  const [first] = candidates;
  if (first === undefined) return '-';
  const alike = candidates.every(
    (other) => other.containerType === first.containerType && other.envelope === first.envelope,
  );
  if (!alike || candidates.length < 3) return orList(candidates.map(classificationText));
  const types = orList(candidates.map((candidate) => candidate.imageType));
  return classificationText({ ...first, imageType: `(${types})` });
}

/** One or two candidates, or the best of more: `disk/raw or 4 others`. For tables that name all of them elsewhere. */
export function shortCandidatesText(candidates: readonly PartialClassification[]): string {
  const [best] = candidates;
  if (best === undefined) return '-';
  return candidates.length > 2
    ? `${classificationText(best)} or ${candidates.length - 1} others`
    : orList(candidates.map(classificationText));
}

/** What the images of a question could be: the candidates, else the part that is known. */
export function couldBeText({ candidates, imageType, envelope }: Question): string {
  if (candidates.length > 0) return candidatesText(candidates);
  const type = imageType === null ? 'nothing that the model can name' : `${imageType}, container unknown`;
  return envelope === null ? type : `${type}, in ${envelope}`;
}

/** `a`, `a or b`, `a, b or c`. */
export function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}

export const STATUS_TONES: Readonly<Record<DecisionStatus, Tone>> = {
  exact: 'good',
  inferred: 'good',
  ambiguous: 'warn',
  unmappable: 'warn',
  'not-applicable': 'dim',
};

export const SEVERITY_TONES: Readonly<Record<Severity, Tone>> = { error: 'bad', warning: 'warn', info: 'dim' };

const ANSWER = 'your answer to this question';
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
