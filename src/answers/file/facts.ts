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
