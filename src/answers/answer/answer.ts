import type { AnswerValue } from '../../model/answer.ts';

/** Bytes, `min` inclusive, `below` exclusive; null where that end is open. */
export interface SizeRange {
  readonly min: bigint | null;
  readonly below: bigint | null;
}

/** Any one of several values of a condition is enough; all given conditions must hold. */
export interface Predicate {
  /** Folded words; null is NULL or blank. */
  readonly diskFormats: readonly (string | null)[] | null;
  readonly containerFormats: readonly (string | null)[] | null;
  /** Exact; null is an image without an owner. */
  readonly owners: readonly (string | null)[] | null;
  /** `*` any characters, `?` one, everything else itself; upper and lower case differ. */
  readonly names: readonly string[] | null;
  /** Patterns as of names, against the first 1,024 characters of a live property; null: the property exists. */
  readonly properties: readonly { readonly name: string; readonly patterns: readonly string[] | null }[];
  readonly size: SizeRange | null;
  /** `none`: the tuple is the only evidence. */
  readonly evidence: 'none' | null;
}

export type AnswerTo =
  /** `written`: images of the question when its count was last written into the file. */
  | { readonly kind: 'question'; readonly question: string; readonly written: number }
  | { readonly kind: 'predicate'; readonly when: Predicate }
  | { readonly kind: 'images'; readonly images: readonly NamedImage[] };

/** An image that an answer names by its id, and the place where it does. */
export interface NamedImage {
  /** As written; compared in the form of `comparableId`. */
  readonly id: string;
  /** `answers.yaml:33` */
  readonly place: string;
}

/** One answer of the operator. */
export interface Answer {
  /** A question's id, or the answer's own; 1 to 64 letters, digits, `_ . -`. Unique in the file. */
  readonly id: string;
  /** `answers.yaml:31` */
  readonly place: string;
  readonly to: AnswerTo;
  readonly value: AnswerValue;
  readonly author: string | null;
  readonly date: string | null;
  readonly reason: string | null;
}

/** The plan that the questions were written from. */
export interface AskedBy {
  readonly createdAt: string;
  readonly database: string;
  readonly rulesDigest: string;
  readonly toolVersion: string;
  readonly images: number;
  readonly undecided: number;
}

/** A valid answers file. Only `readAnswers` makes it. */
export interface Answers {
  /** Without directories: reports are handed on. */
  readonly file: string;
  /** SHA-256, hex, over the answers and what they answer; comments, layout and order of keys do not count. */
  readonly digest: string;
  /** null for a file written by hand, without questions. */
  readonly askedBy: AskedBy | null;
  /** How much a group may have grown, in per cent of what it was; rounded up to whole images. */
  readonly growthLimitPercent: number;
  /** In the order of the file; questions without an answer are not among them. */
  readonly answers: readonly Answer[];
  readonly questionIds: readonly string[];
  /** Names of properties that predicates read, each once, at most 200; text without NUL and lone surrogates. */
  readonly propertyNames: readonly string[];
}
