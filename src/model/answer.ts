import type { Classification } from './decision.ts';

/** What an operator said of some images. `leave`: nobody shall decide these; they stay undecided and are not asked about. */
export type AnswerValue =
  | { readonly kind: 'classification'; readonly classification: Classification }
  | { readonly kind: 'leave' };

/** What one answer does to a database, as a plan found it. */
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
  /** Images that this answer met and no more specific one took. */
  readonly images: number;
  /** Of these, images that were undecided and are decided now. */
  readonly settled: number;
  /** Of these, images decided without it whose decision it changes. */
  readonly overruled: number;
  /** Of these, by standing other than `candidate`. */
  readonly outside: number;
  readonly againstProof: number;
  /** Of an answer to a question: images of the question when it was written, and now. */
  readonly population: { readonly written: number; readonly now: number } | null;
  /** The first in reading order, at most five. */
  readonly sampleIds: readonly string[];
}

export const ANSWER_REMARKS = {
  'unknown-image': 'an image id that no live row has',
  'unknown-question': 'a question that this plan does not ask',
  'nothing-met': 'an answer that no image meets',
  'all-taken': 'an answer whose images are all taken by more specific answers',
  'against-proof': 'an answer against a proof',
  outside: 'an answer that is not among the candidates',
  grown: 'a group that has grown past the limit since it was written',
  'other-rules': 'a file written under other rules',
  'other-database': 'a file written for another database',
} as const satisfies Record<string, string>;
export type AnswerRemarkKind = keyof typeof ANSWER_REMARKS;

/** Something about the answers that the operator should know before the cutover. `refuses`: migrate does not begin while it stands. */
export interface AnswerRemark {
  readonly kind: AnswerRemarkKind;
  readonly place: string;
  readonly text: string;
  readonly weight: 'refuses' | 'warns';
}

/** The preview of a answers file: what every answer in it does. */
export interface AnswerReview {
  readonly file: string;
  /** SHA-256, hex, over the answers; comments and layout do not count. Kept with the run. */
  readonly digest: string;
  /** In the order of the file. */
  readonly effects: readonly AnswerEffect[];
  /** In the order of the file. */
  readonly remarks: readonly AnswerRemark[];
}
