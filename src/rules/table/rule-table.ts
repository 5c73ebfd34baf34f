import type { Domains } from './attribute.ts';
import type { ContentThen, Contradiction, OperatorThen, Row, TupleThen, VoteThen } from './outcome.ts';
import type { Vocabulary } from './word.ts';

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
