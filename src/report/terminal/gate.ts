import { GATE_REASONS, type GateDetail, type GateReason, type GateResult } from '../../model/gate.ts';
import { counted, countText, imagesText } from '../words/number-text.ts';
import { paint, type TerminalStyle } from '../words/style.ts';
import { inside, moreText, page, painted, section, sentence } from './layout/section.ts';

/** Parts of one reason that get lines; all are in the JSON document. */
const DETAILS_SHOWN = 6;
const SAMPLES_SHOWN = 2;

/** Whether the cutover may go on, and every reason why not. Ends in LF. */
export function renderGate(result: GateResult, database: string, style: TerminalStyle): string {
  return page([
    verdict(result, style),
    facts(result, database, style),
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

function detailLines({ text, count, sampleIds }: GateDetail, style: TerminalStyle): string {
  const counted = count === null ? text : `${countText(count)}  ${text}`;
  const samples = sampleIds.slice(0, SAMPLES_SHOWN).join(', ');
  const lines = sentence(counted, inside(style), '- ', '  ');
  if (samples === '') return lines;
  return `${lines}\n${painted(`for example ${samples}`, 'dim', inside(style), '  ')}`;
}
