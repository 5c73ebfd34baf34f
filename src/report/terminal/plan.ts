import type { PlanSummary } from '../plan-summary-shape.ts';
import type { ReportHeader } from '../report-header.ts';
import { contentSection } from './plan-content.ts';
import { cutoverSection } from './plan-cutover.ts';
import { findingsSection } from './plan-findings.ts';
import { oneFieldSection } from './plan-one-field.ts';
import { tuplesSection } from './plan-tuples.ts';
import { undecidedSection } from './plan-undecided.ts';
import { verdictSection } from './plan-verdict.ts';
import { safeText } from './safe-text.ts';
import { paint, type TerminalStyle } from './style.ts';

export interface PlanStyle extends TerminalStyle {
  /** The commands to type next, as the operator would type them; each stands on a line of its own and is never broken. */
  readonly next: readonly string[];
}

/**
 * A plan for a person, the verdict first and what to type last. Sections with nothing to say are left out.
 *
 * @returns text that ends in LF
 */
export function renderPlan(summary: PlanSummary, header: ReportHeader, style: PlanStyle): string {
  const sections = [
    verdictSection(summary, header, style),
    contentSection(summary, style),
    tuplesSection(summary, style),
    undecidedSection(summary, style),
    findingsSection(summary, style),
    cutoverSection(summary, style),
    oneFieldSection(summary, style),
    nextSection(style),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function nextSection(style: PlanStyle): string {
  if (style.next.length === 0) return '';
  return [paint('Next', 'bold', style), ...style.next.map((command) => `  ${safeText(command)}`)].join('\n');
}
