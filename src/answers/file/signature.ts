import { createHash } from 'node:crypto';

import type { QuestionFacts, QuestionsFacts } from './facts.ts';

/**
 * Signs the facts of a questions file, so that a change by hand is noticed. It guards against mistakes, not forgery: there is no
 * key. The order of the questions does not matter; a removed question does.
 *
 * @returns `sha256:` and 64 hexadecimal digits.
 */
export function factsSignature({ plan, questions }: QuestionsFacts): string {
  const canonical = JSON.stringify([
    [plan.createdAt, plan.database, plan.rulesDigest, plan.toolVersion, plan.images, plan.undecided],
    questions.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(questionFacts),
  ]);
  return `sha256:${createHash('sha256').update(canonical).digest('hex')}`;
}

/** Lists, not objects, so that the order of keys does not matter. */
function questionFacts(question: QuestionFacts): readonly unknown[] {
  return [
    question.id,
    question.images,
    question.imagesNow,
    question.diskFormat,
    question.containerFormat,
    question.status,
    question.rule,
    question.why,
    question.candidates,
    question.evidence,
    question.samples.map(({ id, name }) => [id, name]),
  ];
}
