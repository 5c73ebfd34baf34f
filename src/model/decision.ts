import type { FindingCode } from './finding.ts';
import type { SafetyCode } from './safety.ts';
import type { ServicePrediction } from './service-prediction.ts';
import type { Confidence } from './verdict.ts';
import type { ContainerType, Disposition, Envelope, Format, ImageType } from './vocabulary.ts';

/** One complete result of the two-field model. */
export interface Classification {
  readonly imageType: ImageType;
  readonly containerType: ContainerType;
  readonly envelope: Envelope | null;
}

/** Something that was seen: the decision follows from it, or its candidates are ordered by it. */
export interface Evidence {
  /**
   * Where it was seen: `tuple`, `status`, `size`, `property`, `reference`, `lost-property`, `name`, `operator`, `rule`,
   * `content`.
   */
  readonly kind: string;
  /** What was seen, for a person: `kernel_id=4f… (live)`. Never contains a location or a credential. */
  readonly detail: string;
}

/** The derived one-field view: a word, or null and the reason why that model has none. */
export type OneField = { readonly format: Format } | { readonly format: null; readonly why: string };

/** What the bytes say, for counting. What was seen in them, for a person, is in the evidence. */
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
    };

/**
 * How an answer relates to the evidence. `candidate`: it is one of the candidates, or there were none. `outside`: it is
 * not among them. `against-proof`: it contradicts an exact decision (a live reference, the tuple) or content that is
 * certain.
 */
export type AnswerAgreement = 'candidate' | 'outside' | 'against-proof';

/** The answer that changed a decision. */
export interface Answered {
  /** Id of the answer. */
  readonly answer: string;
  /** The question that the image belonged to; null if it was decided without the answer. */
  readonly question: string | null;
  readonly agreement: AnswerAgreement;
}

interface DecisionBase {
  /** Id of the rule that made the decision. */
  readonly rule: string;
  /** The rule's reason, one line for the operator. */
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  /** Sorted, without repeats. */
  readonly findings: readonly FindingCode[];
  /** What Nova (libvirt) of the release that runs today does with the image: from the verdict of the service `nova`. */
  readonly novaToday: Disposition;
  /** What each OpenStack service does with the image, in the order of config/services.yaml. Not stored. */
  readonly services: readonly ServicePrediction[];
  /** Left out if the content was not read, or plays no part in the decision. */
  readonly content?: DecisionContent;
  /** Left out if no answer of the operator matches the image. */
  readonly answered?: Answered;
}

/** Written to the image. */
export interface DecidedDecision extends DecisionBase {
  readonly status: 'exact' | 'inferred';
  readonly classification: Classification;
  readonly oneField: OneField;
  readonly disposition: Disposition;
}

/** Two or more candidates, best first. They are reported and asked about, never written. */
export interface AmbiguousDecision extends DecisionBase {
  readonly status: 'ambiguous';
  readonly candidates: readonly [Classification, Classification, ...Classification[]];
}

/** The model has no answer. Reported, never written. `imageType` may still be known (root-tar: `other`). */
export interface UnmappableDecision extends DecisionBase {
  readonly status: 'unmappable';
  readonly imageType: ImageType | null;
  readonly envelope: Envelope | null;
}

/** The image has no content to classify. */
export interface NotApplicableDecision extends DecisionBase {
  readonly status: 'not-applicable';
}

/** The decision for one image; every image has exactly one. Images with equal inputs share one object. */
export type Decision = DecidedDecision | AmbiguousDecision | UnmappableDecision | NotApplicableDecision;

export function isDecided(decision: Decision): decision is DecidedDecision {
  return decision.status === 'exact' || decision.status === 'inferred';
}
