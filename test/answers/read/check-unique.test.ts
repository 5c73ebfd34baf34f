import { describe, expect, it } from 'vitest';

import { checkUnique } from '../../../src/answers/read/check-unique.ts';
import type { Problem } from '../../../src/model/error.ts';
import { byHand, facts } from '../support/answers-file.ts';

const asked = (...ids: readonly string[]) =>
  ids.map((id, i) => ({ facts: facts(id), place: `dir/f:${i + 1}`, answer: null }));
/** Answers of one file each, so that reading them finds nothing. */
const answer = (item: string) => byHand(`  - ${item}\n`).answers;
function problemsOf(questions: ReturnType<typeof asked>, answers: ReturnType<typeof answer>) {
  const problems: Problem[] = [];
  checkUnique('dir/f', questions, answers, problems);
  return problems.map(({ expected, found }) => [expected, found]);
}

describe('nothing is asked or answered twice', () => {
  it.each([
    ['questions', asked('q', 'q'), [], ['every question once', 'q, as in dir/f:1']],
    [
      'ids of answers',
      asked(),
      [...answer('{ id: a, images: x, answer: leave }'), ...answer('{ id: a, images: y, answer: leave }')],
      ['every id of an answer once', 'a, as in dir/f:2'],
    ],
    [
      'images, in any case',
      asked(),
      [
        ...answer('{ id: a, images: 4f0c5a52-9d3e-4a8b-b0d4-0a1f6d2c7e11, answer: leave }'),
        ...answer('{ id: b, images: 4F0C5A52-9D3E-4A8B-B0D4-0A1F6D2C7E11, answer: leave }'),
      ],
      ['every image once', '4F0C5A52-9D3E-4A8B-B0D4-0A1F6D2C7E11, as in dir/f:2'],
    ],
    [
      'conditions',
      asked(),
      [
        ...answer('{ id: a, when: { owner: [x, y] }, answer: leave }'),
        ...answer('{ id: b, when: { owner: [y, x] }, answer: leave }'),
      ],
      ['every set of conditions once', 'the same conditions, as in dir/f:2'],
    ],
    [
      'an answer with the id of a question',
      asked('q'),
      answer('{ id: q, images: x, answer: leave }'),
      ['an id that is no question of the file', 'q'],
    ],
  ])('%s', (_, questions, answers, problem) => {
    expect(problemsOf(questions, answers)).toEqual([problem]);
  });

  it('and what differs is accepted', () => {
    const answers = [
      ...answer('{ id: a, images: x, answer: leave }'),
      ...answer('{ id: b, images: y, answer: leave }'),
    ];
    expect(problemsOf(asked('q', 'r'), answers)).toEqual([]);
  });
});
