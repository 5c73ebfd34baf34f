import { expect, test } from 'vitest';
import { answersSection } from '../../../../src/report/html/page/answers.ts';
import { bodyText, effect, remark, review } from '../made-report.ts';

test('answers: what each does, and what refuses before what warns', () => {
  const answers = review({
    effects: [effect(), effect({ id: 'later', value: { kind: 'leave' } })],
    remarks: [remark({ text: 'second' }), remark({ text: 'first', weight: 'refuses', place: 'answers.yaml:2' })],
  });
  const text = bodyText(answersSection(answers));
  expect(text.indexOf('answers.yaml:2 refuses first')).toBeGreaterThan(0);
  expect(text.indexOf('answers.yaml:2 refuses first')).toBeLessThan(text.indexOf('warns second'));
  expect(text).toContain('match 22 images: 18 were undecided and are now decided, 4 were decided differently');
  expect(text).toContain('filesystem/raw 11 9 2 1 against a proof 3 not among the candidates 10 when answered, 12 now');
  expect(text).toContain('leave undecided');
  expect(text).toContain('Ada, 2026-11-24 they said so');
});
