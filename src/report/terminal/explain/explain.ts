import type { Explanation } from '../../../rules/trace/trace.ts';
import type { ReportHeader } from '../../plan/report.ts';
import { decisionSection, findingsSection } from './decision.ts';
import { contentSection, propertiesSection, referencesSection, rowSection } from './image.ts';
import { joiningSection, rulesSection } from './rules.ts';
import { storedSection } from './stored.ts';
import { nextLines, page } from '../layout/section.ts';
import type { TerminalStyle } from '../../words/style.ts';

export interface ExplanationFrame {
  readonly header: ReportHeader;
  /** The commands to type next, as the operator would type them. */
  readonly next: readonly string[];
}

/** How one image is decided: the answer, what was seen, how the rules came to it, what is stored. Ends in LF. */
export function renderExplanation(
  explanation: Explanation,
  { header, next }: ExplanationFrame,
  style: TerminalStyle,
): string {
  const { evidence, trace, decision, stored } = explanation;
  return page([
    rowSection(evidence, style),
    decisionSection(explanation, style),
    findingsSection(decision, style),
    propertiesSection(evidence, style),
    referencesSection(evidence, style),
    contentSection(evidence, style),
    rulesSection(trace, style),
    joiningSection(trace, style),
    storedSection(stored, header, style),
    nextLines(next, style),
  ]);
}
