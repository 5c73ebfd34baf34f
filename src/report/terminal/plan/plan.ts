import type { PlanReport } from '../../plan/report.ts';
import { answersSection } from './answers.ts';
import { contentSection } from './content.ts';
import { cutoverSection } from './cutover.ts';
import { findingsSection } from './findings.ts';
import { nextLines, nextSection } from '../layout/next.ts';
import { oneFieldSection } from './one-field.ts';
import { planParts } from './parts.ts';
import { tuplesSection } from './tuples.ts';
import { undecidedSection } from './undecided.ts';
import { verdictHead, verdictSection } from './verdict.ts';
import { renderScreen } from '../layout/screen.ts';
import type { ScreenStyle, TerminalStyle } from '../../words/style.ts';

/** A smaller terminal gets what one of this size holds, and scrolls. */
const FEWEST_LINES = 24;

/**
 * A plan for a person, the verdict first and what to type last. Sections with nothing to say are left out.
 *
 * @returns text that ends in LF; on a terminal not more than its lines hold, unless the verdict, the dangers and the commands alone are
 */
export function renderPlan(report: PlanReport, { rows, ...style }: ScreenStyle): string {
  return `${rows === null ? fullText(report, style) : screenText(report, Math.max(FEWEST_LINES, rows), style)}\n`;
}

function fullText(report: PlanReport, style: TerminalStyle): string {
  const { summary, answers } = report;
  const sections = [
    verdictSection(report, style),
    contentSection(summary, style),
    answersSection(answers, style),
    tuplesSection(summary, style),
    undecidedSection(report, style),
    findingsSection(summary, style),
    cutoverSection(summary, style),
    oneFieldSection(summary, style),
    nextSection(report.next, style),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function screenText(report: PlanReport, lines: number, style: TerminalStyle): string {
  return renderScreen(verdictHead(report, style), planParts(report), nextLines(report.next, style), {
    ...style,
    lines,
  });
}
