import { describe, expect, test } from 'vitest';
import type { Question } from '../../../../src/model/question.ts';
import { answersSection, questionsSection } from '../../../../src/report/html/page/questions.ts';
import { decided, reportOf, row, summaryOf } from '../../made-images.ts';
import { bodyText, effect, fullSummary, remark, review } from '../made-report.ts';

const plan = reportOf(fullSummary());

describe('questions', () => {
  test('each has everything that an answer needs', () => {
    const text = bodyText(questionsSection(plan.summary, plan.next));
    const [question] = plan.summary.undecided;
    expect(text).toContain('3 questions about 10 images');
    expect(text).toContain('raw / bare 7 images ambiguous');
    expect(text).toMatch(/could be disk\/raw likeliest filesystem\/raw why the reason \(rule RULE \)/);
    expect(text).toContain('property: os_type is set (all)');
    expect(text).toContain('plan --probe undecided');
    expect(text).toContain('00000000-0000-4000-8000-000000000001 “ cirros ”');
    expect(text).toContain('no name');
    expect(text).toContain(`answer as ${question?.id}`);
    expect(text).toContain('other, container unknown, in tgz');
  });

  test('are written by the very command of this report, where it names one', () => {
    const next = ['glance-retype plan --glance-conf g.conf --questions mine.yaml     # ask', 'glance-retype expand'];
    expect(bodyText(questionsSection(plan.summary, next))).toContain(
      'glance-retype plan --glance-conf g.conf --questions mine.yaml # ask Copy glance-retype questions mine.yaml Copy',
    );
  });

  test('the tail is folded away, and nothing of it is lost', () => {
    const [like] = plan.summary.undecided;
    if (like === undefined) throw new Error('no question');
    const many: readonly Question[] = Array.from({ length: 30 }, (_, index) => ({
      ...like,
      id: `q${index}`,
      count: 2,
    }));
    const section = questionsSection({ ...plan.summary, undecided: many }, []);
    const page = section.body.toString();
    expect(page.split('<details class="question')).toHaveLength(31);
    // Each is folded: a page of many questions stays short.
    expect(page).not.toContain(' open');
    expect(bodyText(section)).toContain('5 more questions, 10 images');
    const opened = page.indexOf('<details>');
    expect(page.indexOf('id="q-q24"')).toBeLessThan(opened);
    expect(page.indexOf('id="q-q25"')).toBeGreaterThan(opened);
  });

  test('images without a question of their own are counted', () => {
    const summary = { ...plan.summary, undecided: plan.summary.undecided.slice(0, 1), otherUndecided: 3 };
    expect(bodyText(questionsSection(summary, []))).toContain('3 images in further groups');
  });

  test('none', () => {
    expect(bodyText(questionsSection(summaryOf([[row({}), decided()]]), []))).toContain('Nothing is left to ask.');
  });
});

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
