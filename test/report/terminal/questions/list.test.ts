import { expect, it } from 'vitest';

import { questionList, whatIsLeft } from '../../../../src/report/terminal/questions/list.ts';
import { question } from '../../../answers/support/questions-builder.ts';
import { A, B, walkOf } from './made-walk.ts';

const PLAIN = { width: 80, colour: 'plain' } as const;

it('every question with its state and its answer or candidates', () => {
  expect(questionList(walkOf('disk/raw'), ['glance-retype plan'], PLAIN).split('\n')).toEqual([
    'images  question           tuple     state     answer, or candidates',
    `   100  ${A}  raw/bare  answered  disk/raw`,
    `    20  ${B}  ami/bare  open`,
    '',
    '1 question not answered: 20 images of 120.',
    'Next',
    '  glance-retype plan',
    '',
  ]);
});

it('says what is left', () => {
  const left = (walk: ReturnType<typeof walkOf>) => whatIsLeft(walk, [], PLAIN);
  expect(left(walkOf(null))).toBe('2 questions not answered: 120 images of 120.\n');
  expect(left(walkOf('disk/raw', [question(A, 150), question(B, 20)]))).toBe(
    '1 question not answered, 1 question grown since answered: 170 images of 170.\n',
  );
  const walk = walkOf('leave');
  const { document } = walk;
  expect(left({ ...walk, document: { ...document, questions: document.questions.slice(0, 1), otherAnswers: 2 } })).toBe(
    'All 1 question answered: 100 images.\n2 more answers for image ids and conditions; plan --answers shows what they\ndecide.\n',
  );
  expect(left({ ...walk, document: { ...document, questions: [] } })).toBe('There are no questions in this file.\n');
});
