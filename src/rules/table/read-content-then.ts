import type { Problem } from '../../model/error.ts';
import { CONTAINER_TYPES, IMAGE_TYPES } from '../../model/vocabulary.ts';
import { CONTENT_ANSWERS, type ContentAnswer, type ContentThen } from './outcome.ts';
import { describe, readMap, readWord, readWords } from '../../yaml/read-node.ts';
import type { Located } from '../../yaml/yaml-tree.ts';

/** The statuses that an answer may have; none where it keeps the row's own. */
const STATUSES: Readonly<Record<ContentAnswer, readonly ('exact' | 'inferred' | 'ambiguous')[]>> = {
  row: [],
  content: ['exact', 'inferred'],
  chosen: ['inferred'],
  'row-then-content': ['ambiguous'],
  'content-then-row': ['ambiguous'],
  'row-then-other': ['ambiguous'],
  readings: ['ambiguous'],
  'without-declared': ['ambiguous'],
  named: ['inferred', 'ambiguous'],
};

/** Reads `then` of a `content` row: an answer, the status that it gives, and for `named` the types and their container. */
export function readContentThen(node: Located, problems: Problem[]): ContentThen | null {
  const entries = readMap(node, ['answer', 'status', 'types', 'container'], problems);
  const wrong = (expected: string, found: string) =>
    problems.push({ place: node.place, expected, found, advice: 'correct the outcome' });
  const answerNode = entries.get('answer');
  if (answerNode === undefined) {
    wrong('the key answer', 'nothing');
    return null;
  }
  const answer = readWord(answerNode, CONTENT_ANSWERS, problems);
  if (answer === null) return null;
  const statusNode = entries.get('status');
  const allowed = STATUSES[answer];
  if (statusNode === undefined ? allowed.length > 0 : allowed.length === 0) {
    wrong(
      `${allowed.length === 0 ? 'no status' : `status ${allowed.join(' or ')}`} with answer ${answer}`,
      describe(statusNode),
    );
    return null;
  }
  const status = statusNode === undefined ? null : readWord(statusNode, allowed, problems);
  const types = readWords(entries.get('types'), IMAGE_TYPES, problems);
  const containerNode = entries.get('container');
  const container = containerNode === undefined ? null : readWord(containerNode, CONTAINER_TYPES, problems);
  if (answer === 'named') {
    const fine = status === 'ambiguous' ? new Set(types).size >= 2 : types.length === 1;
    if (!fine) wrong(status === 'ambiguous' ? 'two types or more' : 'one type', `${types.length}`);
    if (containerNode === undefined) wrong('the key container', 'nothing');
  } else if (entries.has('types') || entries.has('container')) {
    wrong('types and container with answer named only', `answer ${answer}`);
  }
  return { answer, status, types, container };
}
