import { GATE_REASONS, type GateDetail, type GateReason, type GateResult, type GateService } from '../../model/gate.ts';
import type { ReportHeader } from '../plan/report.ts';
import { counted, countText, imagesText } from '../words/number-text.ts';
import { releasesText, remedyText } from '../words/service-words.ts';
import { paint, type TerminalStyle } from '../words/style.ts';
import { inside, moreText, page, painted, renderLabelled, section, sentence } from './layout/section.ts';

/** Parts of one reason that get lines; all are in the JSON document. */
const DETAILS_SHOWN = 6;
const SAMPLES_SHOWN = 2;

type GateHeader = Pick<ReportHeader, 'database' | 'openstack' | 'openstack_before' | 'nova_backend'>;

/** Whether the cutover may go on, and every reason why not. Ends in LF. */
export function renderGate(result: GateResult, header: GateHeader, style: TerminalStyle): string {
  return page([
    verdict(result, style),
    facts(result, header.database, style),
    servicesSection(result, header, style),
    ...result.reasons.map((reason) => reasonSection(reason, style)),
  ]);
}

function verdict({ reasons }: GateResult, style: TerminalStyle): string {
  if (reasons.length === 0) return paint('Ready: the cutover may go on.', 'good', style);
  const codes = reasons.map(({ code }) => code).join(', ');
  const number = reasons.length === 1 ? 'one reason' : `${reasons.length} reasons`;
  return painted(`Not ready, for ${number}: ${codes}.`, 'bad', style);
}

function facts(
  { images, undecided, verified, nodes, notes }: GateResult,
  database: string,
  style: TerminalStyle,
): string {
  const compared = verified === 'yes' ? 'compared with what is stored' : 'not compared with what is stored';
  const lines = [
    `${imagesText(images)} read in ${database}, ${countText(undecided)} undecided, ${compared}.`,
    ...(nodes.length > 0 ? [`Formats of ${counted(nodes.length, 'API node')} compared.`] : []),
    ...notes.map((note) => `Note: ${note}.`),
  ];
  return lines.map((line) => sentence(line, style)).join('\n');
}

function reasonSection({ code, text, count, details }: GateReason, style: TerminalStyle): string {
  const shown = details.slice(0, DETAILS_SHOWN);
  const rest = details.length - shown.length;
  const blocks = [
    // A counted reason has its text in the title.
    ...(count === null ? [sentence(`${text}.`, inside(style))] : []),
    ...shown.map((detail) => detailLines(detail, style)),
    ...(rest > 0 ? [moreText(rest, inside(style))] : []),
    painted(GATE_REASONS[code].advice, 'bold', inside(style), '→ ', '  '),
  ];
  const counted = count === null ? '' : ` (${countText(count)})`;
  return section(`${code}: ${GATE_REASONS[code].title}${counted}`, blocks, style);
}

function detailLines({ text, count, sampleIds, remedies = [] }: GateDetail, style: TerminalStyle): string {
  const counted = count === null ? text : `${countText(count)}  ${text}`;
  const samples = sampleIds.slice(0, SAMPLES_SHOWN).join(', ');
  return [
    sentence(counted, inside(style), '- ', '  '),
    ...(samples === '' ? [] : [painted(`for example ${samples}`, 'dim', inside(style), '  ')]),
    ...remedies.map((remedy, index) =>
      sentence(remedyText(remedy), inside(style), index === 0 ? '  → ' : '  or ', '     '),
    ),
  ].join('\n');
}

/** What each service of the named release does, those first whose refusals are a reason. */
function servicesSection({ services }: GateResult, header: GateHeader, style: TerminalStyle): string {
  const { openstack, openstack_before: before, nova_backend: backend } = header;
  if (services.length === 0 || openstack === null) return '';
  const lines = services.map((service) => ({ label: service.service, text: serviceText(service, before) }));
  const title = `${releasesText({ release: openstack, before })}, Nova backend ${backend}`;
  return section(title, [renderLabelled(lines, inside(style))], style);
}

/** `accepts 900, refuses 3, not known for 1,200 (the bytes were not read)` */
function serviceText(
  { part, accepted, refused, refusedToday, unknown, unknownBecause }: GateService,
  before: string | null,
): string {
  const also = before === null || refusedToday === 0 ? '' : ` (${countText(refusedToday)} also in ${before})`;
  const [most] = unknownBecause;
  const why = most === undefined ? '' : ` (${unknownBecause.length > 1 ? 'mostly: ' : ''}${most.why})`;
  return [
    `accepts ${countText(accepted)}`,
    `refuses ${countText(refused)}${also}`,
    ...(unknown === 0 ? [] : [`not known for ${countText(unknown)}${why}`]),
    ...(part === 'shown' ? ['not required'] : []),
  ].join(', ');
}
