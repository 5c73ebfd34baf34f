import { describe, expect, it } from 'vitest';

import { listable, newQuestionsText, planText } from '../../../src/answers/write/new.ts';
import { answersOf } from '../support/answers-file.ts';
import { ASKED_BY, question } from '../support/questions-builder.ts';

describe('a new file', () => {
  it('asks every question, biggest first, and reads back', () => {
    const text = newQuestionsText({
      askedBy: ASKED_BY,
      questions: [question('b-1', 9), question('a-1', 2)],
      beyond: 3,
    });
    const read = answersOf(text);
    expect(read).toMatchObject({ questionIds: ['b-1', 'a-1'], askedBy: ASKED_BY, growthLimitPercent: 10, answers: [] });
    expect(text).toContain('# Not asked here: 3 more undecided images');
  });

  it('without questions says so', () => {
    const text = newQuestionsText({ askedBy: ASKED_BY, questions: [], beyond: 0 });
    expect(text).toMatch(/\nquestions: \[\]\n$/);
    expect(text).not.toContain('Not asked here');
  });

  it('holds as many questions as fit, and counts the images of the others', () => {
    const big = (id: string, count: number) => question(id, count, { reason: 'x'.repeat(2 * 1024 * 1024) });
    const plan = listable({ askedBy: ASKED_BY, questions: [big('a', 5), big('b', 4), big('c', 3)], beyond: 1 });
    expect([plan.questions.map(({ id }) => id), plan.beyond]).toEqual([['a', 'b'], 4]);
  });
});

it('the plan is a map of its own', () => {
  expect(planText(ASKED_BY).split('\n').slice(0, 2)).toEqual(['plan:', '  created_at: 2026-11-24T10:00:00Z']);
});
