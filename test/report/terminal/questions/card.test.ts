import { expect, it } from 'vitest';

import { answerText, questionCard } from '../../../../src/report/terminal/questions/card.ts';
import { question } from '../../../answers/support/questions-builder.ts';
import { A, B, walkOf } from './made-walk.ts';

const PLAIN = { width: 80, colour: 'plain' } as const;

it('a question with its place, reason, evidence, candidates by number and two samples', () => {
  expect(questionCard(walkOf(null), 'card', PLAIN).split('\n')).toEqual([
    '',
    'Question 1 of 2, 2 to answer; 0 of 120 images answered',
    `${A}: 100 images of raw/bare`,
    '  why       raw says nothing about what is inside (TUPLE-RAW)',
    expect.stringMatching(/^ {2}evidence {2}.*the name looks like a kernel/),
    '  1  disk/raw',
    '  2  kernel/raw',
    '  3  disk/vmdk in ova',
    '  such as   i1  web\\x1b',
    '            i2  without a name',
    '',
  ]);
});

it('all samples with the details; no candidates', () => {
  expect(questionCard(walkOf(null), 'details', PLAIN)).toContain('            i3  x\n');
  const last = questionCard({ ...walkOf(null), at: 1 }, 'card', PLAIN);
  expect(last).toContain('  no candidates: type TYPE/CONTAINER, or l to leave them undecided');
});

it('an answer whose group has grown is shown with both counts', () => {
  const grown = walkOf('disk/raw', [question(A, 150), question(B, 20)]);
  const card = questionCard({ ...grown, at: 0 }, 'card', PLAIN);
  expect(card).toContain('  answered  disk/raw\n');
  expect(card).toMatch(/ {2}grown {5}answered for 100 images; now there are 150\. c confirms/);
});

it('nothing is shown where nothing is asked', () => {
  expect(questionCard({ ...walkOf(null), at: null }, 'card', PLAIN)).toBe('');
});

it('an answer in words, with who gave it and why', () => {
  const [entry] = walkOf('2').document.questions;
  if (entry === undefined) throw new Error('no question');
  expect(answerText(entry)).toBe('kernel/raw');
  expect(answerText({ ...entry, author: 'ada', date: '2026-11-24', reason: 'seen' })).toBe(
    'kernel/raw by ada on 2026-11-24: seen',
  );
});
