import { sectionTexts } from '../../src/report/words/rules-text.ts';
import { RULE_SECTIONS, type RuleTable } from '../../src/rules/table/rule-table.ts';
import type { RuleLine } from './page.ts';

/** The table's rows in the order in which they are tried, each with its answer in words. */
export function ruleLines(table: RuleTable): readonly RuleLine[] {
  return RULE_SECTIONS.flatMap((section) =>
    sectionTexts(table, section).map(({ id, answer, reason }) => ({ id, outcome: answer, reason })),
  );
}
