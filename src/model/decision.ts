import type { FindingCode } from './finding.ts';
import type { SafetyCode } from './safety.ts';
import type { Confidence } from './verdict.ts';
import type { ContainerType, Disposition, Envelope, Format, ImageType } from './vocabulary.ts';

/** One answer in the two-field model. */
export interface Classification {
  readonly imageType: ImageType;
  readonly containerType: ContainerType;
  readonly envelope: Envelope | null;
}

/** Something that was seen and that the decision rests on, or was ranked by. */
export interface Evidence {
  /** Where it was seen: `tuple`, `status`, `size`, `property`, `reference`, `lost-property`, `name`, `operator`, `rule`, `content`. */
  readonly kind: string;
  /** What was seen, for a person: `kernel_id=4f… (live)`. Never holds a location string or a credential. */
  readonly detail: string;
}

/** The derived one-field view: a word, or null and why that model has none. */
export type OneField = { readonly format: Format } | { readonly format: null; readonly why: string };

/** What the bytes said, for counting; what was seen in them, for a person, is in the evidence. */
export type DecisionContent =
  | { readonly kind: 'unread' }
  | {
      readonly kind: 'read';
      /** null where no type is named. */
      readonly imageType: ImageType | null;
      readonly containerType: ContainerType | null;
      readonly envelope: Envelope | null;
      readonly confidence: Confidence;
      /** Sorted, without repeats. */
      readonly safety: readonly SafetyCode[];
      /** Why Nova and Glance of 2024 and later refuse the content; null where they do not, or where it cannot be told. */
      readonly refusal: string | null;
    };

/**
 * How an answer relates to the evidence. `candidate`: one of the candidates, or the group had none. `outside`: not among
 * them. `against-proof`: against an exact decision (a live reference, the tuple) or content that is certain.
 */
export type AnswerAgreement = 'candidate' | 'outside' | 'against-proof';

/** Left on a decision by the answer that met the image. */
export interface Answered {
  /** Id of the answer. */
  readonly answer: string;
  /** The question that the image belonged to before; null where it was decided without the answer. */
  readonly question: string | null;
  readonly agreement: AnswerAgreement;
}

interface DecisionBase {
  /** Id of the rule row that gave the answer. */
  readonly rule: string;
  /** The rule's reason, one line for the operator. */
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  /** Sorted, without repeats. */
  readonly findings: readonly FindingCode[];
  /** What today's Nova (libvirt, 2024 and later) would do with the row, judged from the row and, where it is known, its content. */
  readonly novaToday: Disposition;
  /** Left out where the content was not asked, or has no part in the decision. */
  readonly content?: DecisionContent;
  /** Left out where no answer of the operator met the image. */
  readonly answered?: Answered;
}

/** Written to the image. */
export interface DecidedDecision extends DecisionBase {
  readonly status: 'exact' | 'inferred';
  readonly classification: Classification;
  readonly oneField: OneField;
  readonly disposition: Disposition;
}

/** Two or more candidates, best first: reported and asked, never written. */
export interface AmbiguousDecision extends DecisionBase {
  readonly status: 'ambiguous';
  readonly candidates: readonly [Classification, Classification, ...Classification[]];
}

/** No answer in the model: reported. `imageType` may still be known (root-tar: `other`). */
export interface UnmappableDecision extends DecisionBase {
  readonly status: 'unmappable';
  readonly imageType: ImageType | null;
  readonly envelope: Envelope | null;
}

/** No payload to type. */
export interface NotApplicableDecision extends DecisionBase {
  readonly status: 'not-applicable';
}

/** What was decided for one image. Exactly one per image; instances are shared between images with equal inputs. */
export type Decision = DecidedDecision | AmbiguousDecision | UnmappableDecision | NotApplicableDecision;

export function isDecided(decision: Decision): decision is DecidedDecision {
  return decision.status === 'exact' || decision.status === 'inferred';
}
