import { lookedInside } from '../../plan/content-tally.ts';
import type { PlanReport, PlanSummary } from '../../plan/report.ts';
import { countText, imagesText, percentText } from '../../words/number-text.ts';
import type { ScreenStyle, TerminalStyle, Tone } from '../../words/style.ts';
import { verdictOf } from '../../words/verdict.ts';
import { renderScreen, type ScreenPart } from '../layout/screen.ts';
import { nextLines, nextSection, page, painted, renderKeyValues, sentence } from '../layout/section.ts';
import { contentPart, contentSection, findingsPart, findingsSection, securityPart } from './content.ts';
import { cutoverPart, cutoverSection, oneFieldPart, oneFieldSection } from './cutover.ts';
import { tuplesPart, tuplesSection } from './tuples.ts';
import { answersPart, answersSection, undecidedPart, undecidedSection } from './undecided.ts';

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

/** Ready or not, what will behave differently, dangers; then the five counts, and what was looked at. */
export function verdictSection(report: PlanReport, style: TerminalStyle): string {
  const { summary, header } = report;
  const facts = renderKeyValues(
    [...counts(summary), ['database', databaseText(report)], ['rules', header.rules_digest]],
    style,
  );
  return `${verdictLines(report, style)}\n\n${facts}`;
}

export function verdictHead(report: PlanReport, style: TerminalStyle): string {
  const { total, byStatus } = report.summary;
  const all = Object.entries(byStatus).map(([status, count]) => `${countText(count)} ${status}`);
  return [
    verdictLines(report, style),
    sentence(`${imagesText(total)}: ${all.join(', ')}`, style),
    renderKeyValues([['database', databaseText(report)]], style),
  ].join('\n');
}

function verdictLines(report: PlanReport, style: TerminalStyle): string {
  const { headline, tone } = verdictOf(report);
  return [{ text: headline, tone }, cutoverLine(report.summary), securityLine(report.summary)]
    .filter((line) => line.text !== '')
    .map((line) => painted(line.text, line.tone, style))
    .join('\n');
}

interface Line {
  readonly text: string;
  readonly tone: Tone;
}

const NOTHING: Line = { text: '', tone: 'plain' };

function cutoverLine({ cutover: { decided, different } }: PlanSummary): Line {
  if (decided === 0) return NOTHING;
  return different === 0
    ? { text: 'At the cutover nothing will behave differently.', tone: 'good' }
    : { text: `At the cutover ${imagesText(different)} will behave differently.`, tone: 'warn' };
}

function securityLine(summary: PlanSummary): Line {
  if (summary.total === summary.byStatus['not-applicable']) return NOTHING;
  const inside = lookedInside(summary);
  if (inside.kind === 'nobody') return { text: 'Security: not known, no image was looked into.', tone: 'plain' };
  const { dangerous, caution, read, unread, unasked } = inside;
  const found = [
    dangerous === 0 ? '' : `${countText(dangerous)} dangerous`,
    caution === 0 ? '' : `${countText(caution)} calling for caution`,
  ].filter((part) => part !== '');
  const rest = [
    unread === 0 ? '' : `; ${countText(unread)} could not be read`,
    unasked === 0 ? '' : `; ${countText(unasked)} not looked into`,
  ].join('');
  const text = `Security: ${found.length === 0 ? 'nothing dangerous' : found.join(', ')} in ${imagesText(read)} read${rest}.`;
  return { text, tone: dangerous > 0 ? 'bad' : caution > 0 ? 'warn' : unread + unasked > 0 ? 'plain' : 'good' };
}

function databaseText({ header }: PlanReport): string {
  return `${header.database} (${header.engine}, Glance ${header.era})`;
}

function counts({ total, byStatus, notApplicable }: PlanSummary): readonly (readonly [string, string])[] {
  const share = (count: number): string =>
    `${countText(count).padStart(countText(total).length)}  ${percentText(count, total)}`;
  const reasons = notApplicable.map(({ reason, count }) => `${countText(count)} ${reason}`).join('; ');
  return [
    ['images', countText(total)],
    ['exact', share(byStatus.exact)],
    ['inferred', share(byStatus.inferred)],
    ['ambiguous', share(byStatus.ambiguous)],
    ['unmappable', share(byStatus.unmappable)],
    ['not applicable', share(byStatus['not-applicable']) + (reasons === '' ? '' : `  (${reasons})`)],
  ];
}
