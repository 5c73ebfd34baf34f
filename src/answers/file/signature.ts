import { createHash } from 'node:crypto';

import type { QuestionFacts, QuestionsFacts } from './facts.ts';

/**
 * Seals the facts of a questions file, so that one changed by hand is noticed. It holds off mistakes, not forgers: there is no
 * key in it. The order of the questions does not count; a question that was taken out does.
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

/** Lists, not objects, so that no order of keys can get in. */
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
