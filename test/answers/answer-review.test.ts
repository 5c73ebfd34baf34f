import { describe, expect, it } from 'vitest';

import { createAnswerReview } from '../../src/answers/answer-review.ts';
import { answering } from '../../src/answers/answering.ts';
import type { Answers } from '../../src/answers/answer/answer.ts';
import { growthRefusal } from '../../src/answers/answer/growth.ts';
import type { AnswerReview } from '../../src/model/answer.ts';
import type { ImageEvidence } from '../../src/model/image.ts';
import { questionId } from '../../src/model/question-id.ts';
import { decide, evidence } from '../rules/evidence-builder.ts';
import { answersOf, ASKED_BY, byHand, facts, questionsFile } from './support/answers-file.ts';

const NOW = { rulesDigest: ASKED_BY.rulesDigest, database: ASKED_BY.database };

function raw(id: string, image: Partial<ImageEvidence['image']> = {}): ImageEvidence {
  return evidence('raw', 'bare', { image: { id, ...image } });
}
const QUESTION = questionId(raw('a').image, decide(raw('a'))) ?? '';

function reviewOf(answers: Answers, images: readonly ImageEvidence[], now = NOW): AnswerReview {
  const decideAnswered = answering(decide, answers);
  const reviewer = createAnswerReview(answers, now);
  for (const image of images) reviewer.add(image, decideAnswered(image));
  return reviewer.review();
}

function many(count: number): readonly ImageEvidence[] {
  return Array.from({ length: count }, (_, i) => raw(`i${i}`));
}

describe('the review of a answers file', () => {
  it('says what every answer does', () => {
    const text = questionsFile({
      questions: [[facts(QUESTION), { answer: '1', author: 'ada', date: '2026-11-24', reason: 'policy' }]],
      answers: `  - { images: [i1, q], answer: kernel/raw }\n  - { when: { owner: "4f", name: "vm*" }, answer: leave }\n`,
    });
    const images = [
      ...many(8),
      evidence('ari', 'ari', { image: { id: 'q' } }),
      raw('vm', { owner: '4f', name: 'vm1' }),
    ];
    const review = reviewOf(answersOf(text), images);
    expect(review.file).toBe('answers.yaml');
    expect(review.digest).toBe(answersOf(text).digest);
    expect(review.effects).toEqual([
      {
        id: QUESTION,
        place: 'answers.yaml:21',
        to: `question ${QUESTION}`,
        value: {
          kind: 'classification',
          classification: { imageType: 'disk', containerType: 'raw', envelope: null },
        },
        author: 'ada',
        date: '2026-11-24',
        reason: 'policy',
        images: 7,
        settled: 7,
        overruled: 0,
        outside: 0,
        againstProof: 0,
        population: { written: 10, now: 9 },
        sampleIds: ['i0', 'i2', 'i3', 'i4', 'i5'],
      },
      expect.objectContaining({
        to: '2 images',
        images: 2,
        settled: 1,
        overruled: 1,
        againstProof: 1,
        population: null,
        sampleIds: ['i1', 'q'],
      }),
      expect.objectContaining({ to: 'owner=4f, name=vm*', images: 1, settled: 0, overruled: 0, sampleIds: ['vm'] }),
    ]);
    expect(review.remarks).toEqual([
      {
        kind: 'against-proof',
        place: 'answers.yaml:26',
        text: 'kernel/raw goes against a proof for 1 of 2 images',
        weight: 'warns',
      },
    ]);
  });

  it.each([
    [
      'disk_format: [raw, null], container_format: bare, evidence: none',
      'disk_format=null|raw, container_format=bare, no evidence',
    ],
    [
      'property: { os_type: [linux, win*], base_image_ref: }',
      'property base_image_ref is set, property os_type=linux|win*',
    ],
    ['size: "1536 B .. 1 MiB"', 'size 1536 B .. 1 MiB'],
    ['owner: null, size: "< 0 B"', 'owner=null, size < 0 B'],
  ])('names conditions: %s', (when, to) => {
    expect(reviewOf(byHand(`  - { when: { ${when} }, answer: leave }\n`), []).effects[0]?.to).toBe(to);
  });

  it('finds ids that no live row has, each with its line, and no more than twenty of them', () => {
    const text = byHand(`
  - images:
      - i0
      - gone
      - deleted
      - queued
    answer: disk/raw
  - { images: [${Array.from({ length: 25 }, (_, i) => `x${i}`).join(', ')}], answer: disk/raw }
`);
    const rows = [...many(1), raw('deleted', { deleted: true }), raw('queued', { status: 'queued' })];
    const { remarks } = reviewOf(text, rows);
    expect(remarks.slice(0, 3).map(({ kind, place, text: words }) => [kind, place, words])).toEqual([
      ['unknown-image', 'answers.yaml:5', 'image gone is not in the database'],
      ['unknown-image', 'answers.yaml:6', 'image deleted is soft-deleted'],
      ['nothing-met', 'answers.yaml:7', 'image queued has no payload to type; nothing is written to it'],
    ]);
    expect(remarks).toHaveLength(3 + 21);
    expect(remarks.at(-1)?.text).toBe('5 images more of this answer are not live images with a payload');
  });

  it('knows an id by its live row, also where a deleted one has it in capitals', () => {
    const id = '6e1f0000-0000-4000-8000-00000000abcd';
    const answers = byHand(`  - { images: [${id}], answer: disk/raw }\n`);
    const deleted = raw(id.toUpperCase(), { deleted: true });
    for (const rows of [
      [raw(id), deleted],
      [deleted, raw(id)],
    ]) {
      expect(reviewOf(answers, rows).remarks).toEqual([]);
    }
    expect(reviewOf(answers, [deleted]).remarks).toHaveLength(1);
  });

  it('finds answers that meet nothing, or nothing that is left', () => {
    const text = questionsFile({
      questions: [
        [facts(QUESTION), { answer: '1' }],
        [facts('raw-bare-00000000'), { answer: 'leave' }],
      ],
      answers: `  - { when: { owner: o }, answer: disk/raw }
  - { when: { disk_format: raw }, answer: disk/raw }
  - { when: { disk_format: vhd }, answer: disk/raw }
`,
    });
    expect(reviewOf(answersOf(text), many(3)).remarks.map(({ kind, text: words }) => [kind, words])).toEqual([
      ['all-taken', `question ${QUESTION}: more specific answers take all of its images`],
      ['unknown-question', 'question raw-bare-00000000 is not asked: no image belongs to it'],
      ['all-taken', 'disk_format=raw: more specific answers take all of its images'],
      ['nothing-met', 'disk_format=vhd: no undecided image meets it'],
    ]);
  });

  it('finds a file of other rules or of another database', () => {
    const answers = answersOf(questionsFile({}));
    expect(reviewOf(answers, []).remarks).toEqual([]);
    expect(
      reviewOf(answers, [], { rulesDigest: 'b'.repeat(64), database: 'sqlite:///x' }).remarks.map(({ kind, place }) => [
        kind,
        place,
      ]),
    ).toEqual([
      ['other-database', 'answers.yaml'],
      ['other-rules', 'answers.yaml'],
    ]);
    expect(reviewOf(byHand(''), [], { rulesDigest: '', database: '' }).remarks).toEqual([]);
  });
});

describe('a group that has grown', () => {
  const answered = (answer: string, limit: string, written = 10) =>
    answersOf(
      questionsFile({
        questions: [[facts(QUESTION, { images: written }), { answer }]],
        head: `growth_limit: ${limit}\n`,
      }),
    );

  it.each([
    ['10%', 10, 11, null],
    ['10%', 10, 12, 'at most 11 are allowed'],
    ['0%', 10, 10, null],
    ['0%', 10, 11, 'at most 10 are allowed'],
    ['5%', 10, 11, null],
    ['10%', 0, 1, 'at most 0 are allowed'],
    ['100%', 10, 20, null],
    ['10%', 10, 1, null],
  ])('limit %s: %i images then, %i now: %s', (limit, written, now, refused) => {
    const refusal = growthRefusal(reviewOf(answered('disk/raw', limit, written), many(now)));
    if (refused === null) expect(refusal).toBeNull();
    else {
      expect(refusal).toMatchObject({ code: 'DECISIONS_GROWN', exitCode: 5 });
      expect(refusal?.problems).toHaveLength(1);
      expect(refusal?.problems[0]?.place).toBe('answers.yaml:22');
      expect(refusal?.problems[0]?.found).toContain(refused);
    }
  });

  it('counts images that other answers take', () => {
    const text = questionsFile({
      questions: [[facts(QUESTION, { images: 10 }), { answer: '1' }]],
      answers: '  - { images: [i0, i1], answer: leave }\n  - { when: { name: x, owner: z }, answer: leave }\n',
    });
    expect(growthRefusal(reviewOf(answersOf(text), many(12)))).not.toBeNull();
  });

  it('and is left alone is only told of', () => {
    const review = reviewOf(answered('leave', '10%'), many(12));
    expect(review.remarks).toMatchObject([{ kind: 'grown', weight: 'warns' }]);
    expect(growthRefusal(review)).toBeNull();
  });

  it('and has no answer is nobody’s concern', () => {
    expect(reviewOf(answered('', '10%'), many(12)).remarks).toEqual([]);
  });
});
