import { lookedInside } from '../../plan/content-tally.ts';
import type { PlanReport, PlanSummary } from '../../plan/report.ts';
import { countText, imagesText, percentText } from '../../words/number-text.ts';
import type { ScreenStyle, TerminalStyle, Tone } from '../../words/style.ts';
import { transitionLine } from '../../words/service-lines.ts';
import { securityText, splitText } from '../../words/summary-words.ts';
import { estimateText, verdictOf, writtenText } from '../../words/verdict.ts';
import { renderScreen, type ScreenPart, tablePart } from '../layout/screen.ts';
import { nextLines, nextSection, page, painted, renderKeyValues, sentence } from '../layout/section.ts';
import { contentPart, contentSection, findingsPart, findingsSection, securityPart } from './content.ts';
import { cutoverPart, cutoverSection, oneFieldPart, oneFieldSection } from './cutover.ts';
import { servicesPart, servicesSection } from './services.ts';
import { ownersPart, ownersSection } from './owners.ts';
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
    servicesSection(report, style),
    contentSection(summary, style),
    answersSection(answers, style),
    tuplesSection(summary, style),
    undecidedSection(report, style),
    ownersSection(report, style),
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
    estimatePart(report),
    servicesPart(report),
    contentPart(summary),
    answersPart(answers),
    tuplesPart(summary),
    undecidedPart(report),
    ownersPart(report),
    findingsPart(summary),
    cutoverPart(summary),
    oneFieldPart(summary),
  ].filter((part) => part !== null);
}

/** One line, left out last. */
function estimatePart(report: PlanReport): ScreenPart | null {
  const title = estimateText(report, 'title');
  return title === '' ? null : tablePart(title, [], [], { share: 1 });
}

/** Ready or not, what will behave differently, dangers; then the five counts, and what was looked at. */
export function verdictSection(report: PlanReport, style: TerminalStyle): string {
  const { summary, header } = report;
  const facts = renderKeyValues(
    [...counts(summary), ['database', databaseText(report)], ['rules', header.rules_digest]],
    style,
  );
  const estimate = sentence(estimateText(report, 'sentences'), style);
  return `${verdictLines(report, 'whole', style)}${estimate === '' ? '' : `\n${estimate}`}\n\n${facts}`;
}

export function verdictHead(report: PlanReport, style: TerminalStyle): string {
  const { total, byStatus } = report.summary;
  const all = Object.entries(byStatus).map(([status, count]) => `${countText(count)} ${status}`);
  return [
    verdictLines(report, 'brief', style),
    sentence(`${imagesText(total)}: ${all.join(', ')}`, style),
    renderKeyValues([['database', databaseText(report)]], style),
  ].join('\n');
}

function verdictLines(report: PlanReport, extent: 'brief' | 'whole', style: TerminalStyle): string {
  const { headline, tone } = verdictOf(report);
  return [
    { text: headline, tone },
    servicesLine(report),
    cutoverLine(report.summary),
    securityLine(report.summary, extent),
    { text: writtenText(report.occasion), tone: 'bold' as const },
  ]
    .filter((line) => line.text !== '')
    .map((line) => painted(line.text, line.tone, style))
    .join('\n');
}

interface Line {
  readonly text: string;
  readonly tone: Tone;
}

const NOTHING: Line = { text: '', tone: 'plain' };

/** Only where two releases are compared: what one of them refuses is no news. */
function servicesLine(report: PlanReport): Line {
  const harmed = report.summary.services.some(({ transitions }) => (transitions?.willBeRefused ?? 0) > 0);
  const unknown = report.summary.services.some(({ transitions }) => (transitions?.unknown ?? 0) > 0);
  return { text: transitionLine(report), tone: harmed ? 'bad' : unknown ? 'plain' : 'good' };
}

function cutoverLine({ cutover }: PlanSummary): Line {
  const { decided, different, breaks } = cutover;
  if (decided === 0) return NOTHING;
  return different === 0
    ? { text: 'At the cutover nothing will behave differently.', tone: 'good' }
    : {
        text: `At the cutover ${imagesText(different)} will behave differently: ${splitText(cutover)}.`,
        tone: breaks === 0 ? 'good' : 'warn',
      };
}

function securityLine(summary: PlanSummary, extent: 'brief' | 'whole'): Line {
  const classifiable = summary.total - summary.byStatus['not-applicable'];
  if (classifiable === 0) return NOTHING;
  const inside = lookedInside(summary);
  const text = securityText(inside, classifiable, extent);
  if (inside.kind === 'nobody') return { text, tone: 'plain' };
  const { dangerous, caution, unread, unasked } = inside;
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
