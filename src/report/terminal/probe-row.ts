import { counted } from '../words/number-text.ts';
import { SAFETY } from '../../model/safety.ts';
import { CONFIDENCES, type ContentEvidence, type Verdict } from '../../model/verdict.ts';
import { CONTAINER_TYPES, ENVELOPES, IMAGE_TYPES } from '../../model/vocabulary.ts';
import { SEVERITY_TONES } from '../words/decision-words.ts';
import { safeText } from '../words/safe-text.ts';
import { paint, type TerminalStyle } from '../words/style.ts';

const COLUMNS = { type: IMAGE_TYPES, container: CONTAINER_TYPES, envelope: ENVELOPES, confidence: CONFIDENCES };
/** Widths for every word of the vocabulary, so that rows can be written as they come. */
const WIDTHS = Object.entries(COLUMNS).map(([title, words]) =>
  Math.max(title.length, ...words.map(({ length }) => length)),
);
/** Before every line under a row. */
export const ROW_INDENT = '    ';

export function probeTitle(style: TerminalStyle): string {
  return paint(`${columns(Object.keys(COLUMNS))}source`, 'bold', style);
}

/** One source: a row, then dangers; with `evidence` also what was seen and where. */
export function probeRow(
  source: string,
  content: ContentEvidence,
  detail: 'summary' | 'evidence',
  style: TerminalStyle,
): string {
  const name = safeText(source);
  if (content.kind === 'unread') {
    return `${columns(['-', '-', '-', '-'])}${name}\n${ROW_INDENT}${paint(`not read: ${safeText(content.why)}`, 'bad', style)}`;
  }
  const { verdict } = content;
  const cells = [verdict.imageType ?? '-', verdict.containerType ?? '-', verdict.envelope ?? '-', verdict.confidence];
  const lines = [`${columns(cells)}${name}`];
  if (verdict.imageType === null) lines.push(paint(`${ROW_INDENT}${safeText(verdict.why)}`, 'warn', style));
  for (const code of verdict.safety) {
    const { severity, title } = SAFETY[code];
    lines.push(`${ROW_INDENT}${paint(`${code}: ${title}`, SEVERITY_TONES[severity], style)}`);
  }
  if (detail === 'evidence') lines.push(...evidenceLines(verdict, style));
  return lines.join('\n');
}

function columns(cells: readonly string[]): string {
  return cells.map((cell, index) => `${cell.padEnd(WIDTHS[index] ?? 0)}  `).join('');
}

function evidenceLines({ evidence, cost }: Verdict, style: TerminalStyle): readonly string[] {
  const seen = evidence.map(({ offset, detail }) => `at ${offset}: ${safeText(detail)}`);
  const read = `read: ${cost.bytes} bytes in ${counted(cost.requests, 'request')}`;
  return [...seen, read].map((line) => paint(`${ROW_INDENT}${line}`, 'dim', style));
}
