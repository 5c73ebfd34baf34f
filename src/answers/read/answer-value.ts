import type { AnswerValue } from '../../model/answer.ts';
import type { Problem } from '../../model/error.ts';
import { foldWord } from '../../model/fold-word.ts';
import { CONTAINER_TYPES, ENVELOPES, IMAGE_TYPES } from '../../model/vocabulary.ts';
import { describe } from '../../yaml/read-node.ts';
import type { Located } from '../../yaml/yaml-tree.ts';
import { readClassificationWords } from '../answer/words.ts';

const FORMS = 'TYPE/CONTAINER, TYPE/CONTAINER in ENVELOPE, or leave';
const WORDS = `types: ${IMAGE_TYPES.join(' ')}; containers: ${CONTAINER_TYPES.join(' ')}; envelopes: ${ENVELOPES.join(' ')}`;

/**
 * What was answered; null, after a problem, where it cannot be understood.
 *
 * @param candidates of the question, for an answer by number; null where there is no question.
 */
export function readAnswerValue(
  node: Located,
  candidates: readonly string[] | null,
  problems: Problem[],
): AnswerValue | null {
  const text = node.kind === 'scalar' ? node.text?.trim() : undefined;
  const number = text === undefined || !/^\d{1,6}$/.test(text) ? null : Number(text);
  if (number !== null && candidates !== null) {
    const classification = readClassificationWords(candidates[number - 1] ?? '');
    if (classification !== null) return { kind: 'classification', classification };
  }
  if (text !== undefined && foldWord(text) === 'leave') return { kind: 'leave' };
  const classification = text === undefined ? null : readClassificationWords(text);
  if (classification !== null) return { kind: 'classification', classification };
  problems.push({
    place: node.place,
    expected: `${FORMS}${candidates === null || candidates.length === 0 ? '' : `, or a number from 1 to ${candidates.length}`}`,
    found: describe(node),
    advice:
      number === null
        ? WORDS
        : 'a number is that of a candidate of the question, from the first; write the words instead',
  });
  return null;
}
