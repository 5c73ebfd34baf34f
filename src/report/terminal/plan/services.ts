import type { PlanReport, PlanSummary, ReportHeader } from '../../plan/report.ts';
import { countText } from '../../words/number-text.ts';
import {
  briefHint,
  checkText,
  EFFECT_TONES,
  EFFECT_WORDS,
  SERVICE_EFFECTS,
  type ServiceEffect,
  effectTitle,
  type ServiceLine,
  serviceLines,
  shortRemedy,
  titleOf,
  unknownHint,
} from '../../words/service-lines.ts';
import { releasesText, remedyText } from '../../words/service-words.ts';
import type { TerminalStyle } from '../../words/style.ts';
import { type ScreenPart, tablePart } from '../layout/screen.ts';
import { inside, moreText, painted, parted, section, sentence } from '../layout/section.ts';
import { type Cell, cut, figures, renderTable, whole } from '../layout/table.ts';

/** Entries of each list; the JSON document has all. */
const SHOWN = 12;
/** Reasons of one check. */
const REASONS_SHOWN = 5;

/** What the services do with the images: counts of each service, then all that is not accepted, by harm. */
export function servicesSection(report: PlanReport, style: TerminalStyle): string {
  const { summary, header } = report;
  if (summary.services.length === 0) return '';
  const within = inside(style);
  const lines = serviceLines(summary);
  const blocks = [
    countsTable(report, within),
    ...SERVICE_EFFECTS.map((effect) => effectBlock(effect, lines, report, within)),
    sentence(unknownHint(report), within),
  ];
  const backend = header.nova_backend === null ? '' : ` (Nova backend: ${header.nova_backend})`;
  return section(`${titleText(header)}${backend}`, parted(blocks), style);
}

function titleText({ openstack, openstack_before: before }: ReportHeader): string {
  return `${openstack === null ? 'OpenStack' : releasesText({ release: openstack, before })}: what the services do`;
}

function countsTable({ summary, serviceTitles }: PlanReport, style: TerminalStyle): string {
  const { services } = summary;
  if (services.every(({ transitions }) => transitions === null)) {
    const columns = [whole('service'), figures('accepted'), figures('refused'), figures('unknown')];
    const rows = services.map(({ service, accepted, refused, unknown }) => [
      titleOf(service, serviceTitles),
      countText(accepted),
      count(refused, 'warn'),
      countText(unknown),
    ]);
    return renderTable(columns, rows, style);
  }
  const columns = [
    whole('service'),
    figures('will be refused'),
    figures('stay refused'),
    figures('will work'),
    figures('stay accepted'),
    figures('unknown'),
  ];
  const rows = services.map(({ service, transitions }) => [
    titleOf(service, serviceTitles),
    count(transitions?.willBeRefused ?? 0, 'bad'),
    count(transitions?.staysRefused ?? 0, 'warn'),
    count(transitions?.willWork ?? 0, 'good'),
    countText(transitions?.staysAccepted ?? 0),
    countText(transitions?.unknown ?? 0),
  ]);
  return renderTable(columns, rows, style);
}

function count(images: number, tone: 'good' | 'warn' | 'bad'): Cell {
  return { text: countText(images), tone: images === 0 ? 'plain' : tone };
}

function effectBlock(
  effect: ServiceEffect,
  all: readonly ServiceLine[],
  { header, serviceTitles }: PlanReport,
  style: TerminalStyle,
): string {
  const lines = all.filter((line) => line.effect === effect);
  if (lines.length === 0) return '';
  const shown = lines.slice(0, SHOWN);
  const width = Math.max(...shown.map((line) => countText(line.count).length));
  const drawn = shown.map((line) => {
    const title = titleOf(line.service, serviceTitles);
    return lineBlock(line.by === null ? title : `${title}: ${checkText(line.by)}`, line, width, style);
  });
  return [
    painted(effectTitle(effect, header), EFFECT_TONES[effect], style),
    ...drawn,
    ...(lines.length > SHOWN ? [moreText(lines.length - SHOWN, style)] : []),
  ].join('\n');
}

/** The count and who refuses; then why, what to do and an image, for each reason. */
function lineBlock(
  who: string,
  { count: images, reasons, sampleIds }: ServiceLine,
  width: number,
  style: TerminalStyle,
): string {
  const first = `${countText(images).padStart(width)}  `;
  const hanging = ' '.repeat(first.length);
  const [only, ...others] = reasons;
  if (only === undefined) return [sentence(who, style, first, hanging), example(sampleIds, hanging, style)].join('\n');
  if (others.length === 0) {
    return [sentence(`${who}: ${only.why}`, style, first, hanging), ...advice(only, hanging, style)].join('\n');
  }
  return [
    sentence(who, style, first, hanging),
    ...reasons
      .slice(0, REASONS_SHOWN)
      .flatMap((reason) => [
        sentence(`${countText(reason.count)} of them: ${reason.why}`, style, hanging, `${hanging}  `),
        ...advice(reason, `${hanging}  `, style),
      ]),
    ...(reasons.length > REASONS_SHOWN ? [hanging + moreText(reasons.length - REASONS_SHOWN, style)] : []),
  ].join('\n');
}

function advice(
  { remedies, sampleIds }: ServiceLine['reasons'][number],
  indent: string,
  style: TerminalStyle,
): readonly string[] {
  const remedy = remedies.length === 0 ? [] : [sentence(remedies.map(remedyText).join('; or '), style, indent)];
  return [...remedy, example(sampleIds, indent, style)];
}

function example(sampleIds: readonly string[], indent: string, style: TerminalStyle): string {
  return painted(`for example ${sampleIds[0] ?? ''}`, 'dim', style, indent);
}

const COLUMNS = [figures('images'), cut('service'), whole('effect'), cut('why and what to do')];

/** A line for each check of each service, the most harmful first; a line for all that is not known of a service. */
export function servicesPart(report: PlanReport): ScreenPart | null {
  const { summary, header, serviceTitles } = report;
  const rows = shortLines(serviceLines(summary), summary).map((line): readonly Cell[] => [
    countText(line.count),
    titleOf(line.service, serviceTitles),
    { text: EFFECT_WORDS[line.effect], tone: EFFECT_TONES[line.effect] },
    line.effect === 'unknown' ? `${lineText(line)}${briefHint(report)}` : lineText(line),
  ]);
  if (rows.length === 0) return null;
  return tablePart(titleText(header), COLUMNS, rows, { share: 6, least: 1 });
}

/** What is not known of a service is one line, by its most frequent reason. */
function shortLines(
  lines: readonly ServiceLine[],
  { services }: Pick<PlanSummary, 'services'>,
): readonly ServiceLine[] {
  const seen = new Set<string>();
  return lines.flatMap((line) => {
    if (line.effect !== 'unknown') return [line];
    if (seen.has(line.service)) return [];
    seen.add(line.service);
    return [{ ...line, count: services.find(({ service }) => service === line.service)?.unknown ?? line.count }];
  });
}

/**
 * `comparison: upload as raw / bare; declared qcow2, found to be gpt`: what to do comes before what may be cut. The
 * name of an option is so long that only it would be left.
 */
function lineText({ by, reasons: [first, ...others] }: ServiceLine): string {
  const check = by === null ? '' : checkText(by);
  if (first === undefined) return check;
  const [remedy] = first.remedies;
  const best = remedy === undefined ? [] : [shortRemedy(remedy)];
  const parts = remedy?.kind === 'option' ? [first.why, ...best] : [...best, first.why];
  const text = `${parts.join('; ')}${others.length === 0 ? '' : `, and ${countText(others.length)} more`}`;
  return check === '' ? text : `${check}: ${text}`;
}
