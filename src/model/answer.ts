import type { Classification } from './decision.ts';

/** What an operator says about images. `leave`: they stay undecided on purpose, and no question asks about them. */
export type AnswerValue =
  | { readonly kind: 'classification'; readonly classification: Classification }
  | { readonly kind: 'leave' };

/** What one answer changes in a plan. */
export interface AnswerEffect {
  readonly id: string;
  /** `answers.yaml:31` */
  readonly place: string;
  /** For a person: `question raw-bare-3fa2c19d`, `owner=4f…, name=vmlinuz*`, `2 images`. */
  readonly to: string;
  readonly value: AnswerValue;
  readonly author: string | null;
  /** As written: `2026-11-24`. */
  readonly date: string | null;
  readonly reason: string | null;
  /** Images that this answer matches and that no more specific answer takes. */
  readonly images: number;
  /** Of these, images that were undecided without it and are decided with it. */
  readonly settled: number;
  /** Of these, images decided without it whose decision it changes. */
  readonly overruled: number;
  /** Of these, images for which the answer is not among the candidates. */
  readonly outside: number;
  readonly againstProof: number;
  /** For an answer to a question: the images of the question when it was written, and now. */
  readonly population: { readonly written: number; readonly now: number } | null;
  /** The first in reading order, at most five. */
  readonly sampleIds: readonly string[];
}

export const ANSWER_REMARKS = {
  'unknown-image': 'an image id that no live row has',
  'unknown-question': 'a question that this plan does not ask',
  'nothing-met': 'an answer that matches no image',
  'all-taken': 'an answer whose images are all taken by more specific answers',
  'against-proof': 'an answer against a proof',
  outside: 'an answer that is not among the candidates',
  grown: 'a group that has grown past the limit since it was written',
  'other-rules': 'a file written under other rules',
  'other-database': 'a file written for another database',
} as const satisfies Record<string, string>;
export type AnswerRemarkKind = keyof typeof ANSWER_REMARKS;

/** A remark on the answers, for the operator. `refuses`: migrate does not begin before it is corrected. */
export interface AnswerRemark {
  readonly kind: AnswerRemarkKind;
  readonly place: string;
  readonly text: string;
  readonly weight: 'refuses' | 'warns';
}

/** The preview of an answers file: the effect of every answer in it. */
export interface AnswerReview {
  readonly file: string;
  /** SHA-256, hex, over the answers without comments and layout. Stored with the run. */
  readonly digest: string;
  /** In the order of the file. */
  readonly effects: readonly AnswerEffect[];
  /** In the order of the file. */
  readonly remarks: readonly AnswerRemark[];
}
