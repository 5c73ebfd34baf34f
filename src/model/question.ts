import type { Classification } from './decision.ts';
import type { Envelope, ImageType } from './vocabulary.ts';

/** An image named as an example; the name is cut at 255 characters. */
export interface Sample {
  readonly id: string;
  readonly name: string | null;
}

/** What was seen in some images of a group; ids and numbers of its own are left out of `detail`, so that equal sights are counted together. */
export interface GroupEvidence {
  readonly kind: string;
  readonly detail: string;
  readonly count: number;
}

/**
 * Undecided images that one answer settles: the same tuple once folded, the same status and rule, the same candidates with the
 * same one first (hints about an image move its likeliest candidate to the front, and so bring it to another question).
 */
export interface Question {
  /** `raw-bare-3fa2c19d`: words of the tuple for the eye, then eight hexadecimal digits that stand for the whole group. The same in every plan. */
  readonly id: string;
  readonly status: 'ambiguous' | 'unmappable';
  /** Trimmed and lower-cased; the empty string counts as NULL. */
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
  readonly rule: string;
  readonly reason: string;
  /** Best first, in the order most of the group's images have; empty where unmappable. */
  readonly candidates: readonly Classification[];
  /** Of an unmappable group, where the type or the wrapper alone is known. */
  readonly imageType: ImageType | null;
  readonly envelope: Envelope | null;
  readonly count: number;
  /** Images of the group whose content was not asked: reading it may settle them. */
  readonly contentUnasked: number;
  /** Most frequent first, at most eight; the tuple itself is left out. */
  readonly evidence: readonly GroupEvidence[];
  /** The first five in reading order. */
  readonly samples: readonly Sample[];
}
