import type { Classification } from './decision.ts';
import type { Envelope, ImageType } from './vocabulary.ts';

/** An image named as an example; the name is cut at 255 characters. */
export interface Sample {
  readonly id: string;
  readonly name: string | null;
}

/** Evidence in images of a question. `detail` has no ids or numbers, so that equal evidence is counted together. */
export interface GroupEvidence {
  readonly kind: string;
  readonly detail: string;
  readonly count: number;
}

/**
 * Undecided images that one answer decides. They have the same folded tuple, the same status and rule, and the same
 * candidates with the same one first. (A hint moves the likeliest candidate of an image to the front, and the image to
 * another question.)
 */
export interface Question {
  /**
   * `raw-bare-3fa2c19d`: the words of the tuple, then eight hexadecimal digits over everything the images have in
   * common. The same in every plan.
   */
  readonly id: string;
  readonly status: 'ambiguous' | 'unmappable';
  /** Folded; null for NULL and the empty string. */
  readonly diskFormat: string | null;
  readonly containerFormat: string | null;
  readonly rule: string;
  readonly reason: string;
  /** Best first, in the order that most of the images have; empty if unmappable. */
  readonly candidates: readonly Classification[];
  /** For unmappable images of which only the type or the envelope is known. */
  readonly imageType: ImageType | null;
  readonly envelope: Envelope | null;
  readonly count: number;
  /** Images whose content was not read. Reading it may decide them. */
  readonly contentUnasked: number;
  /** The most frequent first, at most eight, without the tuple itself. */
  readonly evidence: readonly GroupEvidence[];
  /** The first five in reading order. */
  readonly samples: readonly Sample[];
}
