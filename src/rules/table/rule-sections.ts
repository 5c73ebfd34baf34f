import type { Row } from './outcome.ts';
import type { RuleTable } from './rule-table.ts';

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
  not_applicable: 'is there a payload to type at all?',
  operator: 'rows of your own rules files; the first that fires is the answer',
  content: 'where the bytes were asked: what becomes of what they say',
  references: 'what live images say about this one',
  properties: "what the image's own properties say",
  contradictions: 'where votes contradict each other, or the tuple',
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
