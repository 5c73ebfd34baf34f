import type { FindingCode } from '../../model/finding.ts';
import type { ContainerType, Envelope, ImageType } from '../../model/vocabulary.ts';
import type { Condition } from './condition.ts';
import type { Domains } from './attribute.ts';
import type { Vocabulary } from './word.ts';

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

/** A checked decision table: everything `createDecider` needs. Made by `loadRules` only. */
export interface RuleTable {
  /** SHA-256, hex, over the content of all files in order, without comments, layout and paths. Reasons count. */
  readonly digest: string;
  readonly vocabulary: Vocabulary;
  readonly domains: Domains;
  readonly notApplicable: readonly Row<null>[];
  readonly operator: readonly Row<OperatorThen>[];
  readonly content: readonly Row<ContentThen>[];
  readonly references: readonly Row<VoteThen>[];
  readonly properties: readonly Row<VoteThen>[];
  readonly contradictions: ReadonlyMap<Contradiction, Row<null>>;
  readonly tuples: readonly Row<TupleThen>[];
}

/** The sections of a table in the order of a decision; `operator` holds the rows of the operator's own files. */
export const RULE_SECTIONS = [
  'not_applicable',
  'operator',
  'content',
  'references',
  'properties',
  'contradictions',
  'tuples',
] as const;
export type RuleSection = (typeof RULE_SECTIONS)[number];

/** What each section is about, for a person. */
export const SECTION_TITLES: Readonly<Record<RuleSection, string>> = {
  not_applicable: 'does the image have content to classify?',
  operator: 'rows of your own rules files; the first that fires is the answer',
  content: 'if the bytes were read: how they change the answer',
  references: 'what live images say about this one',
  properties: "what the image's own properties say",
  contradictions: 'votes that contradict each other or the tuple',
  tuples: 'what disk_format and container_format say',
};

/** Rows of a section in the order in which they are tried. */
export function sectionRows(table: RuleTable, section: RuleSection): readonly Row<unknown>[] {
  switch (section) {
    case 'not_applicable':
      return table.notApplicable;
    case 'contradictions':
      return [...table.contradictions.values()];
    case 'operator':
    case 'content':
    case 'references':
    case 'properties':
    case 'tuples':
      return table[section];
  }
}

/** Ids of all rows, in the order of the sections. */
export function ruleIds(table: RuleTable): readonly string[] {
  return RULE_SECTIONS.flatMap((section) => sectionRows(table, section)).map((row) => row.id);
}
