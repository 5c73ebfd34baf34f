import type { AnswerValue } from '../../model/answer.ts';
import type { Classification } from '../../model/decision.ts';
import { foldWord } from '../../model/fold-word.ts';
import { CONTAINER_TYPES, ENVELOPES, IMAGE_TYPES } from '../../model/vocabulary.ts';

/** As candidates and answers are written: `disk/raw`, `disk/vmdk in ova`. */
export function classificationWords({ imageType, containerType, envelope }: Classification): string {
  return `${imageType}/${containerType}${envelope === null ? '' : ` in ${envelope}`}`;
}

/** `disk/raw`, `leave` */
export function answerWords(value: AnswerValue): string {
  return value.kind === 'leave' ? 'leave' : classificationWords(value.classification);
}

/**
 * `TYPE/CONTAINER` or `TYPE/CONTAINER in ENVELOPE`, in any case, with blanks where they do no harm; null where a word
 * is unknown.
 */
export function readClassificationWords(text: string): Classification | null {
  const parts = /^([\w-]+) *\/ *([\w-]+)(?: +in +([\w-]+))?$/.exec(foldWord(text));
  if (parts === null) return null;
  const imageType = IMAGE_TYPES.find((word) => word === parts[1]);
  const containerType = CONTAINER_TYPES.find((word) => word === parts[2]);
  const envelope = parts[3] === undefined ? null : ENVELOPES.find((word) => word === parts[3]);
  if (imageType === undefined || containerType === undefined || envelope === undefined) return null;
  return { imageType, containerType, envelope };
}
