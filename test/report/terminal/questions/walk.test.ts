import { expect, it } from 'vitest';

import { walkPrompt, walkText } from '../../../../src/report/terminal/questions/walk.ts';
import { questionCard } from '../../../../src/report/terminal/questions/card.ts';
import { A, B, walkOf } from './made-walk.ts';

const PLAIN = { width: 60, colour: 'plain' } as const;

it('a question and its details are its card', () => {
  const walk = walkOf(null);
  expect(walkText(walk, { kind: 'question' }, PLAIN)).toBe(questionCard(walk, 'card', PLAIN));
  expect(walkText(walk, { kind: 'details' }, PLAIN)).toBe(questionCard(walk, 'details', PLAIN));
});

it('the help keeps to the width and names every key', () => {
  const lines = walkText(walkOf(null), { kind: 'help' }, PLAIN).split('\n');
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
  expect(walkText(walk, { kind: 'note', weight: 'warn', text: 'a\u001b' }, PLAIN)).toBe('a\\x1b\n');
  expect(walkPrompt(walk, PLAIN)).toBe('answer, or ? > ');
  expect(walkPrompt({ ...walk, asks: 'reason' }, PLAIN)).toBe('why? (Enter: no reason, b: take back) ');
  expect(walkPrompt({ ...walk, at: null }, PLAIN)).toBe('Enter or q: end, b: back > ');
});
