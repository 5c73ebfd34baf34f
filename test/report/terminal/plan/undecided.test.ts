import { describe, expect, it } from 'vitest';
import type { AnswerEffect, AnswerReview } from '../../../../src/model/answer.ts';
import { renderPlan } from '../../../../src/report/terminal/plan/plan.ts';
import { undecidedPart, undecidedSection } from '../../../../src/report/terminal/plan/undecided.ts';
import { textWidth } from '../../../../src/report/words/text-width.ts';
import { review } from '../../html/made-report.ts';
import { ambiguous, classification, decided, NASTY, reportOf, row, summaryOf, unmappable } from '../../made-images.ts';

const PLAIN = { width: 76, colour: 'plain' } as const;
const report = reportOf(
  summaryOf([
    [
      row({ diskFormat: 'raw', id: 'i1', name: null }),
      ambiguous({ evidence: [{ kind: 'property', detail: 'os_type is set' }] }),
      1_200,
    ],
    [row({ diskFormat: 'root-tar', id: 'i2' }), unmappable({ imageType: 'other', envelope: 'tgz' })],
  ]),
);

it('a question says what its images could be, why, what was seen and what would decide it', () => {
  expect(undecidedSection(report, PLAIN)).toBe(
    `Undecided: 1,201 images, 2 questions
  Answer them: plan --questions answers.yaml, then questions answers.yaml
  1,200  raw / bare  raw-bare-0df5ff47
    could be     disk/raw or filesystem/raw
    why          ambiguous, rule RULE: the reason
    seen         1,200 os_type is set
    resolve by   plan --probe undecided --store-path DIR; or a live
                 kernel_id on those that are filesystems; or your answer to
                 this question
    for example  i1 (no name)
  1  root-tar / bare  root-tar-bare-bc28dd0f
    could be     other, container unknown, in tgz
    why          unmappable, rule RULE: the reason
    resolve by   plan --probe undecided --store-path DIR; or your answer to
                 this question, or an alias in a rules file that says what
                 root-tar is
    for example  i2 "cirros"`,
  );
});

it('on a screen a question has one line; the hint names the file of answers', () => {
  const part = undecidedPart({ ...report, answers: review({ file: 'mine\u001b.yaml' }) });
  expect(part?.hint).toBe("Answer them: plan --questions 'mine\\x1b.yaml', then questions 'mine\\x1b.yaml'");
  expect(part?.draw(1, PLAIN)).toBe('1,200  raw-bare-0df5ff47  disk/raw or filesystem/raw');
});

it('nothing is asked where all is decided', () => {
  const done = reportOf(summaryOf([[row({}), decided()]]));
  expect([undecidedSection(done, PLAIN), undecidedPart(done)]).toEqual(['', null]);
});

const SCREEN = { width: 120, rows: null, colour: 'plain' } as const;

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
    const text = renderPlan(reportOf(SUMMARY, { answers: REVIEW }), SCREEN);
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
    const text = renderPlan(reportOf(SUMMARY, { answers: REVIEW }), SCREEN);
    expect(text).toMatch(/^Not ready: 1 remark on your answers must be resolved before migrate can start\.\n/);
  });

  it('name the file to go on with', () => {
    const text = renderPlan(reportOf(SUMMARY, { answers: { ...REVIEW, file: 'mine.yaml' } }), SCREEN);
    expect(text).toContain('Answer them: plan --questions mine.yaml, then questions mine.yaml');
  });

  it('of an empty file are said to be none', () => {
    const text = renderPlan(reportOf(SUMMARY, { answers: { ...REVIEW, effects: [], remarks: [] } }), SCREEN);
    expect(text).toContain(
      'Answers: 0 in answers.yaml, 0 images decided, 0 changed\n  The file answers nothing yet.\n',
    );
  });

  it('stand on one screen, the refusing ones first', () => {
    const text = renderPlan(reportOf(SUMMARY, { answers: REVIEW }), { ...SCREEN, rows: 24 });
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
        const text = renderPlan(reportOf(SUMMARY, { answers: review }), { ...SCREEN, width: 60, rows });
        expect(text).not.toMatch(/(?!\n)\p{Cc}|\p{Cs}|[\u202a-\u202e]/u);
        for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(60);
      }
    }
  });
});
