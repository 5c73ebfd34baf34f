import type { PlanReport } from '../../plan/report.ts';
import type { ScreenStyle, TerminalStyle } from '../../words/style.ts';
import { renderScreen, type ScreenPart } from '../layout/screen.ts';
import { nextLines, nextSection, page } from '../layout/section.ts';
import { answersPart, answersSection } from './answers.ts';
import { contentPart, contentSection, securityPart } from './content.ts';
import { cutoverPart, cutoverSection } from './cutover.ts';
import { findingsPart, findingsSection } from './findings.ts';
import { oneFieldPart, oneFieldSection } from './one-field.ts';
import { tuplesPart, tuplesSection } from './tuples.ts';
import { undecidedPart, undecidedSection } from './undecided.ts';
import { verdictHead, verdictSection } from './verdict.ts';

/** A smaller terminal gets what one of this size holds, and scrolls. */
const FEWEST_LINES = 24;

/**
 * A plan for a person: the verdict first, the details after it. On a terminal it fits on one screen, unless verdict,
 * dangers and commands alone are longer. Ends in LF.
 */
export function renderPlan(report: PlanReport, { rows, ...style }: ScreenStyle): string {
  if (rows === null) return fullText(report, style);
  const lines = Math.max(FEWEST_LINES, rows);
  return `${renderScreen(verdictHead(report, style), planParts(report), nextLines(report.next, style), { ...style, lines })}\n`;
}

function fullText(report: PlanReport, style: TerminalStyle): string {
  const { summary, answers } = report;
  return page([
    verdictSection(report, style),
    contentSection(summary, style),
    answersSection(answers, style),
    tuplesSection(summary, style),
    undecidedSection(report, style),
    findingsSection(summary, style),
    cutoverSection(summary, style),
    oneFieldSection(summary, style),
    nextSection(report.next, style),
  ]);
}

/** The sections for one screen; empty ones are left out. */
function planParts(report: PlanReport): readonly ScreenPart[] {
  const { summary, answers } = report;
  return [
    securityPart(summary),
    contentPart(summary),
    answersPart(answers),
    tuplesPart(summary),
    undecidedPart(report),
    findingsPart(summary),
    cutoverPart(summary),
    oneFieldPart(summary),
  ].filter((part) => part !== null);
}
