import { describe, expect, it } from 'vitest';
import type { AnswerEffect, AnswerReview } from '../../../../src/model/answer.ts';
import { renderPlan } from '../../../../src/report/terminal/plan/plan.ts';
import { textWidth } from '../../../../src/report/words/text-width.ts';
import { ambiguous, decided, NASTY, reportOf, row, summaryOf, classification } from '../../made-images.ts';

const PLAIN = { width: 120, rows: null, colour: 'plain' } as const;

function effect(fields: Partial<AnswerEffect>): AnswerEffect {
  return {
    id: 'raw-bare-45498119',
    place: 'answers.yaml:12',
    to: 'question raw-bare-45498119',
    value: { kind: 'classification', classification: classification('disk', 'raw') },
    author: 'anna',
    date: '2026-11-24',
    reason: 'asked the owner',
    images: 1_684,
    settled: 1_684,
    overruled: 0,
    outside: 0,
    againstProof: 0,
    population: { written: 1_680, now: 1_684 },
    sampleIds: [],
    ...fields,
  };
}

const REVIEW: AnswerReview = {
  file: 'answers.yaml',
  digest: 'd'.repeat(64),
  effects: [
    effect({}),
    effect({
      place: 'answers.yaml:31',
      to: 'owner=4f, name=vmlinuz*',
      value: { kind: 'classification', classification: classification('kernel', 'raw') },
      images: 12,
      settled: 9,
      overruled: 3,
      outside: 1,
      againstProof: 2,
      population: null,
      reason: null,
    }),
    effect({
      place: 'answers.yaml:40',
      to: '2 images',
      value: { kind: 'leave' },
      images: 2,
      settled: 0,
      population: null,
    }),
  ],
  remarks: [
    { kind: 'against-proof', place: 'answers.yaml:31', text: '2 images', weight: 'warns' },
    { kind: 'grown', place: 'answers.yaml:12', text: 'the group has grown', weight: 'refuses' },
  ],
};

const SUMMARY = summaryOf([
  [row({}), decided(), 5],
  [row({ diskFormat: 'raw' }), ambiguous()],
]);

describe('answers in a plan', () => {
  it('stand with what refuses first, then what warns, then the effect of each', () => {
    const text = renderPlan(reportOf(SUMMARY, { answers: REVIEW }), PLAIN);
    const from = text.indexOf('Answers:');
    expect(text.slice(from, text.indexOf('What the images become')))
      .toBe(`Answers: 3 in answers.yaml, 1,693 images decided, 3 changed, 1 refused
  remark   where            what
  refuses  answers.yaml:12  the group has grown
  warns    answers.yaml:31  2 images

  images  decides  changes  answer      to                          where            by
   1,684    1,684        0  disk/raw    question raw-bare-45498119  answers.yaml:12  anna, 2026-11-24, asked the owner
      12        9        3  kernel/raw  owner=4f, name=vmlinuz*     answers.yaml:31  anna, 2026-11-24
       2        0        0  leave       2 images                    answers.yaml:40  anna, 2026-11-24, asked the owner

`);
  });

  it('that refuse make the verdict', () => {
    const text = renderPlan(reportOf(SUMMARY, { answers: REVIEW }), PLAIN);
    expect(text).toMatch(/^Not ready: 1 remark on your answers must be resolved before migrate can start\.\n/);
  });

  it('name the file to go on with', () => {
    const text = renderPlan(reportOf(SUMMARY, { answers: { ...REVIEW, file: 'mine.yaml' } }), PLAIN);
    expect(text).toContain('Answer them: plan --questions mine.yaml, then questions mine.yaml');
  });

  it('of an empty file are said to be none', () => {
    const text = renderPlan(reportOf(SUMMARY, { answers: { ...REVIEW, effects: [], remarks: [] } }), PLAIN);
    expect(text).toContain(
      'Answers: 0 in answers.yaml, 0 images decided, 0 changed\n  The file answers nothing yet.\n',
    );
  });

  it('stand on one screen, the refusing ones first', () => {
    const text = renderPlan(reportOf(SUMMARY, { answers: REVIEW }), { ...PLAIN, rows: 24 });
    expect(text).toContain(`
  refuses     answers.yaml:12  the group has grown
  warns       answers.yaml:31  2 images
  disk/raw    answers.yaml:12  1,684 images, question raw-bare-45498119: decides 1,684, changes 0 (1,680 images when it…
`);
    expect(text.split('\n').length).toBeLessThanOrEqual(24);
  });

  it('hold text from a file, and none of it reaches the terminal as a command', () => {
    for (const nasty of NASTY) {
      const review: AnswerReview = {
        ...REVIEW,
        file: nasty,
        effects: [effect({ place: nasty, to: nasty, author: nasty, date: nasty, reason: nasty })],
        remarks: [{ kind: 'grown', place: nasty, text: nasty, weight: 'refuses' }],
      };
      for (const rows of [null, 24]) {
        const text = renderPlan(reportOf(SUMMARY, { answers: review }), { ...PLAIN, width: 60, rows });
        expect(text).not.toMatch(/(?!\n)\p{Cc}|\p{Cs}|[\u202a-\u202e]/u);
        for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(60);
      }
    }
  });
});
