import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createAnswerReview } from '../../src/answers/answer-review.ts';
import { answering } from '../../src/answers/answering.ts';
import type { Answer, Predicate } from '../../src/answers/answer/answer.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { ImageEvidence } from '../../src/model/image.ts';
import { questionId } from '../../src/model/question-id.ts';
import { decide, evidence } from '../rules/evidence-builder.ts';
import { answersOf, ASKED_BY, facts, questionsFile } from './support/answers-file.ts';
import { runs } from '../support/effort.ts';

/** Few values, so that answers and images meet. */
const images = fc
  .array(
    fc.record({
      disk: fc.constantFrom('raw', 'RAW', 'vhd', 'qcow2', null, ''),
      container: fc.constantFrom('bare', 'ovf', null),
      owner: fc.constantFrom('a', 'b', null),
      name: fc.constantFrom('vmlinuz-1', 'web', 'x.iso', null),
      size: fc.constantFrom(null, 1n, 30_000_000n),
      status: fc.constantFrom('active', 'active', 'active', 'queued'),
      deleted: fc.constantFrom(false, false, false, true),
      properties: fc.constantFrom<Record<string, string | null>>(
        {},
        { site: 'gold' },
        { site: null },
        { os_type: 'linux' },
      ),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((rows) =>
    rows.map(({ disk, container, properties, ...image }, i) =>
      evidence(disk, container, { image: { id: `i${i}`, ...image }, properties }),
    ),
  );

const verdict = fc.constantFrom('disk/raw', 'kernel/raw', 'filesystem/qcow2', 'leave');
const optional = (name: string, ...values: readonly string[]) =>
  fc.option(fc.constantFrom(...values), { nil: null }).map((value) => (value === null ? [] : [`${name}: ${value}`]));
const when = fc
  .tuple(
    optional('disk_format', 'raw', '[raw, vhd]', 'null'),
    optional('container_format', 'bare', '[ovf, null]'),
    optional('owner', 'a', '[b, null]'),
    optional('name', '"vm*"', '["w?b", "*.iso"]'),
    optional('property', '{ site: }', '{ site: gold }', '{ site: g*, os_type: }'),
    optional('size', '"< 20 MiB"', '">= 1 B"'),
    optional('evidence', 'none'),
  )
  .map((parts) => parts.flat().join(', '))
  .filter((text) => text !== '');

interface Item {
  readonly id: string;
  readonly text: string;
}
const items = fc
  .tuple(
    fc.uniqueArray(when, { maxLength: 6 }),
    fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 6 }),
    fc.array(verdict, { minLength: 12, maxLength: 12 }),
  )
  .map(([conditions, numbers, verdicts]): readonly Item[] => [
    ...conditions.map((text, i) => ({ id: `w${i}`, text: `when: { ${text} }, answer: ${verdicts[i]}` })),
    ...numbers.map((number, i) => ({ id: `n${i}`, text: `images: i${number}, answer: ${verdicts[i + 6]}` })),
  ]);

const questionAnswers = fc.array(fc.option(verdict, { nil: null }), { minLength: 12, maxLength: 12 });

/** A file that asks all questions of these images, and one that no image belongs to. */
function fileOf(rows: readonly ImageEvidence[], answers: readonly (string | null)[], extra: readonly Item[]): string {
  const ids = [...new Set(rows.map((row) => questionId(row.image, decide(row))))].filter((id) => id !== null);
  return questionsFile({
    questions: ['gone-gone-00000000', ...ids].map((id, i) => {
      const answer = answers[i % answers.length] ?? null;
      return [facts(id, { images: 3 }), answer === null ? {} : { answer }] as const;
    }),
    answers: extra.map(({ id, text }) => `  - { id: ${id}, ${text} }\n`).join(''),
  });
}

function holds(predicate: Predicate, { image, properties }: ImageEvidence, base: Decision): boolean {
  const word = (text: string | null) => (text === null || text.trim() === '' ? null : text.trim().toLowerCase());
  const like = (text: string | null, pattern: string) =>
    text !== null &&
    new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text);
  const { diskFormats, containerFormats, owners, names, size } = predicate;
  return (
    (diskFormats?.includes(word(image.diskFormat)) ?? true) &&
    (containerFormats?.includes(word(image.containerFormat)) ?? true) &&
    (owners?.includes(image.owner) ?? true) &&
    (names?.some((pattern) => like(image.name, pattern)) ?? true) &&
    predicate.properties.every(
      ({ name, patterns }) =>
        properties.has(name) && (patterns?.some((pattern) => like(properties.get(name) ?? null, pattern)) ?? true),
    ) &&
    (size === null ||
      (image.size !== null &&
        (size.min === null || image.size >= size.min) &&
        (size.below === null || image.size < size.below))) &&
    (predicate.evidence === null || base.evidence.every(({ kind }) => ['tuple', 'rule', 'size'].includes(kind)))
  );
}

/** How much an answer has to say about an image, as a number; 0 where it has nothing. */
function weight({ to }: Answer, row: ImageEvidence, base: Decision): number {
  const undecided = base.status === 'ambiguous' || base.status === 'unmappable';
  if (base.status === 'not-applicable') return 0;
  if (to.kind === 'images') return to.images.some(({ id }) => id === row.image.id) ? 1_000 : 0;
  if (!undecided) return 0;
  if (to.kind === 'question') return to.question === questionId(row.image, base) ? 100 : 0;
  if (!holds(to.when, row, base)) return 0;
  const { owners, names, properties, size, diskFormats, containerFormats, evidence: none } = to.when;
  const particular = [owners, names, size].filter((part) => part !== null).length + properties.length;
  const broad = [diskFormats, containerFormats, none].filter((part) => part !== null).length;
  return (particular > 0 ? 200 : 0) + particular + broad;
}

function naive(answers: readonly Answer[], row: ImageEvidence): Answer | null {
  const base = decide(row);
  let best: Answer | null = null;
  for (const answer of answers) {
    const mine = weight(answer, row, base);
    if (mine > (best === null ? 0 : weight(best, row, base))) best = answer;
  }
  return best;
}

describe('answering, whatever the file and the images', () => {
  it('takes the most specific answer, the same every time, in any order of questions and ids', () => {
    fc.assert(
      fc.property(images, items, questionAnswers, (rows, extra, verdicts) => {
        const answers = answersOf(fileOf(rows, verdicts, extra));
        const first = answering(decide, answers);
        const others = [...answers.answers].reverse().filter(({ to }) => to.kind !== 'predicate');
        const conditions = answers.answers.filter(({ to }) => to.kind === 'predicate');
        const shuffled = answering(decide, { ...answers, answers: [...others, ...conditions] });
        for (const row of rows) {
          const decision = first(row);
          const base = decide(row);
          expect(decision.answered?.answer ?? null).toBe(naive(answers.answers, row)?.id ?? null);
          expect(shuffled(row)).toEqual(decision);
          expect(first({ ...row, image: { ...row.image } })).toBe(decision);
          if (decision.answered === undefined) expect(decision).toBe(base);
          else expect(decision.evidence.slice(0, -1)).toEqual(base.evidence);
        }
      }),
      runs(1_500),
    );
  });

  it('is reviewed with the numbers that counting by hand gives', () => {
    fc.assert(
      fc.property(images, items, questionAnswers, (rows, extra, verdicts) => {
        const answers = answersOf(fileOf(rows, verdicts, extra));
        const decideAnswered = answering(decide, answers);
        const reviewer = createAnswerReview(answers, {
          rulesDigest: ASKED_BY.rulesDigest,
          database: ASKED_BY.database,
        });
        for (const row of rows) reviewer.add(row, decideAnswered(row));
        const { effects, remarks } = reviewer.review();
        expect(effects.map(({ id }) => id)).toEqual(answers.answers.map(({ id }) => id));
        for (const [i, effect] of effects.entries()) {
          const answer = answers.answers[i];
          if (answer === undefined) throw new Error('more effects than answers');
          const met = rows.filter((row) => naive(answers.answers, row) === answer);
          const open = (row: ImageEvidence) => questionId(row.image, decide(row)) !== null;
          const outcome = (row: ImageEvidence) => decideAnswered(row);
          expect(effect.images).toBe(met.length);
          expect(effect.sampleIds).toEqual(met.slice(0, 5).map(({ image }) => image.id));
          expect(effect.settled).toBe(answer.value.kind === 'leave' ? 0 : met.filter(open).length);
          const changed = (row: ImageEvidence) => {
            const [before, after] = [decide(row), outcome(row)];
            const classification = (decision: Decision) =>
              'classification' in decision ? decision.classification : null;
            return JSON.stringify(classification(before)) !== JSON.stringify(classification(after));
          };
          expect(effect.overruled).toBe(met.filter((row) => !open(row) && changed(row)).length);
          const agreement = (kind: string) => met.filter((row) => outcome(row).answered?.agreement === kind).length;
          expect([effect.outside, effect.againstProof]).toEqual([agreement('outside'), agreement('against-proof')]);

          const { to } = answer;
          const mine = remarks.filter(({ place }) => place === answer.place).map(({ kind }) => kind);
          if (to.kind === 'question') {
            const population = rows.filter((row) => questionId(row.image, decide(row)) === to.question).length;
            expect(effect.population).toEqual({ written: 3, now: population });
            expect(mine.includes('unknown-question')).toBe(population === 0);
            expect(mine.includes('all-taken')).toBe(population > 0 && met.length === 0);
            expect(mine.includes('grown')).toBe(population > 4);
          } else if (to.kind === 'predicate') {
            const meeting = rows.filter((row) => open(row) && holds(to.when, row, decide(row))).length;
            expect(effect.population).toBeNull();
            expect(mine.includes('nothing-met')).toBe(meeting === 0);
            expect(mine.includes('all-taken')).toBe(meeting > 0 && met.length === 0);
          } else {
            const live = rows.filter((row) => to.images.some(({ id }) => id === row.image.id) && !row.image.deleted);
            expect(mine.includes('unknown-image')).toBe(live.length === 0);
            expect(mine.includes('nothing-met')).toBe(live.some((row) => decide(row).status === 'not-applicable'));
          }
          expect(mine.includes('outside')).toBe(effect.outside > 0);
          expect(mine.includes('against-proof')).toBe(effect.againstProof > 0);
        }
      }),
      runs(1_500),
    );
  });
});
