import type { ContentSummary, PlanSummary } from '../../plan/report.ts';
import { classificationText, SEVERITY_TONES, tupleText } from '../../words/decision-words.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import type { TerminalStyle } from '../../words/style.ts';
import { readText } from '../../words/summary-words.ts';
import { type ScreenPart, tablePart } from '../layout/screen.ts';
import { inside, limitedTable, painted, parted, section, sentence } from '../layout/section.ts';
import { type Cell, type Column, cut, figures, renderTable, spare, whole } from '../layout/table.ts';

/** Rows of each table but that of the dangers; the JSON document has all. */
const SHOWN = 12;

const SAFETY_COLUMNS = [figures('images'), whole('severity'), cut('safety')];
const EXAMPLE = spare('for example');

/** What the content is: dangers first, then images that are not as declared. */
export function contentSection({ content }: PlanSummary, style: TerminalStyle): string {
  if (content === null) return '';
  const within = inside(style);
  const blocks = [
    sentence(`${readText(content)}.`, within),
    safetyBlock(content, within),
    mismatchBlock(content, within),
  ];
  return section('Content', parted(blocks), style);
}

function safetyBlock({ safety }: ContentSummary, style: TerminalStyle): string {
  const rows = safety.map((item) => [...safetyCells(item), dim(item.sampleIds)]);
  return block('Security', [...SAFETY_COLUMNS, EXAMPLE], rows, style, rows.length);
}

function mismatchBlock({ mismatches, otherMismatches }: ContentSummary, style: TerminalStyle): string {
  const rows = mismatches.map((mismatch): readonly Cell[] => [
    countText(mismatch.count),
    tupleText(mismatch),
    classificationText(mismatch.found),
    dim(mismatch.sampleIds),
  ]);
  const text = block('Not what is declared', [figures('images'), cut('declared'), cut('found'), EXAMPLE], rows, style);
  if (otherMismatches === 0) return text;
  return `${text}\n${sentence(`and ${imagesText(otherMismatches)} more, see --ndjson`, style)}`;
}

function block(
  title: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  style: TerminalStyle,
  limit = SHOWN,
): string {
  if (rows.length === 0) return '';
  return `${painted(title, 'bold', style)}\n${limitedTable(columns, rows, limit, style)}`;
}

function safetyCells({ code, severity, title, count }: ContentSummary['safety'][number]): readonly Cell[] {
  return [countText(count), { text: severity, tone: SEVERITY_TONES[severity] }, `${code}: ${title}`];
}

function dim(sampleIds: readonly string[]): Cell {
  return { text: sampleIds[0] ?? '', tone: 'dim' };
}

/** Dangers in the bytes: a line each, never cut. */
export function securityPart({ content }: PlanSummary): ScreenPart | null {
  if (content === null || content.safety.length === 0) return null;
  return tablePart('Security', SAFETY_COLUMNS, content.safety.map(safetyCells), { share: 'whole', rest: '' });
}

/** What is not as declared. */
export function contentPart({ content }: PlanSummary): ScreenPart | null {
  if (content === null) return null;
  const rows = content.mismatches.map((mismatch) => [
    countText(mismatch.count),
    `declared ${tupleText(mismatch)}, found ${classificationText(mismatch.found)}`,
  ]);
  const beyond = content.otherMismatches;
  return tablePart(`Content: ${readText(content)}`, [figures('images'), cut('what')], rows, { beyond, share: 2 });
}

const COLUMNS = [figures('images'), whole('severity'), cut('finding')];

/** Findings, the worst first, each with an image as an example. */
export function findingsSection({ findings }: PlanSummary, style: TerminalStyle): string {
  if (findings.length === 0) return '';
  const rows = findings.flatMap((finding): readonly (readonly Cell[])[] => [
    findingCells(finding),
    ...finding.sampleIds.slice(0, 1).map((id) => ['', '', { text: `for example ${id}`, tone: 'dim' as const }]),
  ]);
  return section('Findings', [renderTable(COLUMNS, rows, inside(style))], style);
}

export function findingsPart({ findings }: PlanSummary): ScreenPart | null {
  return findings.length === 0 ? null : tablePart('Findings', COLUMNS, findings.map(findingCells), { share: 3 });
}

function findingCells({ code, severity, title, count }: PlanSummary['findings'][number]): readonly Cell[] {
  return [countText(count), { text: severity, tone: SEVERITY_TONES[severity] }, `${code}: ${title}`];
}
