import type { FindingCode } from '../../model/finding.ts';
import type { ContainerType, Envelope, ImageType } from '../../model/vocabulary.ts';
import type { Condition } from './condition.ts';

/** A type, or a placeholder for the type that a word of the image denotes. */
export type TypeRef = ImageType | '$disk' | '$container' | '$bexar_type';
/** A container type, or the one that the disk word denotes. */
export type ContainerRef = ContainerType | '$disk';
/** An envelope, none, or the one that the container word names. */
export type EnvelopeRef = Envelope | '$container' | null;

export type Voter = 'references' | 'properties';

/** The id of a row, its reason, and the findings that it adds. */
export interface RowHead {
  readonly id: string;
  readonly reason: string;
  readonly findings: readonly FindingCode[];
}

export interface Row<Then> extends RowHead {
  readonly when: Condition;
  readonly outcome: Then;
  /** File, line and path of the row, for messages. */
  readonly place: string;
}

/** Outcome of `references` and `properties`: one type, or several that contradict each other. */
export interface VoteThen {
  readonly types: readonly TypeRef[];
  /** The container type that the row also votes for, or null. */
  readonly container: ContainerType | null;
  /** Counts only if the tuple names no container type. */
  readonly containerIfUnsaid: ContainerType | null;
}

/** Outcome of `tuples`. */
export interface TupleThen {
  readonly status: 'exact' | 'inferred' | 'ambiguous' | 'unmappable';
  readonly types: readonly TypeRef[];
  /** One for all types, or one for each; empty if unmappable. */
  readonly containers: readonly ContainerRef[];
  readonly envelope: EnvelopeRef;
  readonly admits: readonly ImageType[];
  readonly exactWithOwnKernel: 'yes' | 'no';
  readonly decidedBy: readonly Voter[];
  readonly openContainers: readonly ContainerType[];
}

/** How a `content` row joins what the row says (votes and tuple together) with what the bytes say. */
export const CONTENT_ANSWERS = [
  /** What the row says, in the container and envelope that the bytes prove. */
  'row',
  /** What the bytes say. */
  'content',
  /** The candidate of the row that the bytes choose. */
  'chosen',
  'row-then-content',
  'content-then-row',
  /** The row's answer, then `other`. */
  'row-then-other',
  /** The several types that the bytes allow. */
  'readings',
  /** What remains without the declared format: the answer of the bytes, the row's types in raw, and `other`. */
  'without-declared',
  /** `types` in `container`. Votes choose among them. */
  'named',
] as const;
export type ContentAnswer = (typeof CONTENT_ANSWERS)[number];

/** Outcome of `content`. */
export interface ContentThen {
  readonly answer: ContentAnswer;
  /** null if the answer keeps the status of the row (`row`). */
  readonly status: 'exact' | 'inferred' | 'ambiguous' | null;
  /** For `named`, else empty. */
  readonly types: readonly ImageType[];
  /** For `named`, else null. */
  readonly container: ContainerType | null;
}

/** Outcome of an operator's row. */
export interface OperatorThen {
  readonly status: 'exact' | 'inferred';
  readonly type: TypeRef;
  readonly container: ContainerRef;
  readonly envelope: EnvelopeRef;
}

/** The two contradictions that can occur between sections. */
export const CONTRADICTIONS = ['references-and-properties', 'evidence-and-tuple'] as const;
export type Contradiction = (typeof CONTRADICTIONS)[number];
