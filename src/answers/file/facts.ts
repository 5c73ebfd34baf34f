import { createHash } from 'node:crypto';

import type { AskedBy } from '../answer/answer.ts';

/** What the tool wrote about one question, each value exactly as in the file. */
export interface QuestionFacts {
  readonly id: string;
  /** Images of the question when it was written, or when its answer was last confirmed. */
  readonly images: number;
  /** Images as the last plan counted them, if that number differs; null without the key. */
  readonly imagesNow: number | null;
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
  readonly status: string;
  readonly rule: string;
  readonly why: string;
  /** `disk/raw`, `disk/vmdk in ova`; best first. */
  readonly candidates: readonly string[];
  /** `40 of 812: name, the name looks like a kernel` */
  readonly evidence: readonly string[];
  readonly samples: readonly { readonly id: string; readonly name: string | null }[];
}

/** Everything in a questions file that a person does not write. */
export interface QuestionsFacts {
  readonly plan: AskedBy;
  /** In any order. */
  readonly questions: readonly QuestionFacts[];
}

/**
 * Signs the facts of a questions file, so that a change by hand is noticed. It guards against mistakes, not forgery:
 * there is no key. The order of the questions does not matter; a removed question does.
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
