import { expect, it } from 'vitest';
import {
  answerText,
  questionCard,
  questionList,
  walkPrompt,
  walkText,
  whatIsLeft,
} from '../../../src/report/terminal/questions.ts';
import { question } from '../../answers/support/questions-builder.ts';
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

const NARROW = { width: 60, colour: 'plain' } as const;

it('a question and its details are its card', () => {
  const walk = walkOf(null);
  expect(walkText(walk, { kind: 'question' }, NARROW)).toBe(questionCard(walk, 'card', NARROW));
  expect(walkText(walk, { kind: 'details' }, NARROW)).toBe(questionCard(walk, 'details', NARROW));
});

it('the help keeps to the width and names every key', () => {
  const lines = walkText(walkOf(null), { kind: 'help' }, NARROW).split('\n');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(60);
  for (const key of ['1, 2', 'TYPE/', 'l ', 'Enter, s', 'e ', 'b, u', 'g ID', 'c ', 'w ', 'q ']) {
    expect([key, lines.some((line) => line.startsWith(`  ${key}`))]).toEqual([key, true]);
  }
});

it('the end says whether anything was skipped', () => {
  const end = (walk: ReturnType<typeof walkOf>) => walkText(walk, { kind: 'end' }, { ...PLAIN, width: 80 });
  const walk = walkOf(null);
  expect(end({ ...walk, skipped: new Set([A]) })).toBe(
    '\nThat was the last question. 1 skipped question: g ID goes back to one.\n',
  );
  expect(end({ ...walk, skipped: new Set([A, B]) })).toContain('2 skipped questions');
  const { document } = walkOf('leave');
  expect(end({ ...walk, document: { ...document, questions: document.questions.slice(0, 1) } })).toBe(
    '\nEvery question is answered.\n',
  );
  expect(end({ ...walk, document: { ...document, questions: [] } })).toBe('\nThis file has no questions.\n');
});

it('a note is escaped, and the prompt says what is waited for', () => {
  const walk = walkOf(null);
  expect(walkText(walk, { kind: 'note', weight: 'warn', text: 'a\u001b' }, NARROW)).toBe('a\\x1b\n');
  expect(walkPrompt(walk, NARROW)).toBe('answer, or ? > ');
  expect(walkPrompt({ ...walk, asks: 'reason' }, NARROW)).toBe('why? (Enter: no reason, b: take back) ');
  expect(walkPrompt({ ...walk, at: null }, NARROW)).toBe('Enter or q: end, b: back > ');
});
