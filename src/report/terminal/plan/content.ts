import type { ContentMismatch, ContentSummary } from '../../plan/content-summary-shape.ts';
import type { PlanSummary } from '../../plan/summary-shape.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import { inside, section, sentence } from '../layout/section.ts';
import { paint, type TerminalStyle } from '../../words/style.ts';
import { renderTable, type Cell, type Column } from '../layout/table.ts';
import { formatWord, SEVERITY_TONES } from '../../words/words.ts';

/** Rows of each table but that of the dangers; the JSON document has all. */
const SHOWN = 12;

const SAFETY_COLUMNS: readonly Column[] = [
  { title: 'images', align: 'right', narrow: 'whole' },
  { title: 'severity', align: 'left', narrow: 'whole' },
  { title: 'safety', align: 'left', narrow: 'cut' },
  { title: 'for example', align: 'left', narrow: 'cut' },
];
const MISMATCH_COLUMNS: readonly Column[] = [
  { title: 'images', align: 'right', narrow: 'whole' },
  { title: 'declared', align: 'left', narrow: 'cut' },
  { title: 'found', align: 'left', narrow: 'cut' },
  { title: 'for example', align: 'left', narrow: 'cut' },
];
const REFUSAL_COLUMNS: readonly Column[] = [
  { title: 'images', align: 'right', narrow: 'whole' },
  { title: 'why', align: 'left', narrow: 'cut' },
  { title: 'for example', align: 'left', narrow: 'cut' },
];

/** What the bytes said: dangers first, then what is not as declared, then what is refused already today. */
export function contentSection({ content }: PlanSummary, style: TerminalStyle): string {
  if (content === null) return '';
  const within = inside(style);
  const blocks = [
    sentence(`${readText(content)}.`, within),
    safetyBlock(content, within),
    mismatchBlock(content, within),
    refusalBlock(content, within),
  ];
  // An empty line before each block but the first: `section` leaves out empty blocks, not empty lines in them.
  const parted = blocks.filter((text) => text !== '').map((text, index) => (index === 0 ? text : `\n${text}`));
  return section('Content', parted, style);
}

/** `1,734 images read, 58 of them name no type`. */
export function readText({ read, undetermined, unread }: ContentSummary): string {
  const parts = [
    `${imagesText(read)} read`,
    undetermined === 0 ? '' : `${countText(undetermined)} of them name no type`,
    unread === 0 ? '' : `${countText(unread)} could not be read`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function safetyBlock({ safety }: ContentSummary, style: TerminalStyle): string {
  const rows = safety.map(({ code, severity, title, count, sampleIds }): readonly Cell[] => [
    countText(count),
    { text: severity, tone: SEVERITY_TONES[severity] },
    `${code}: ${title}`,
    dim(sampleIds),
  ]);
  return block('Security', SAFETY_COLUMNS, rows, style, rows.length);
}

function mismatchBlock({ mismatches, otherMismatches }: ContentSummary, style: TerminalStyle): string {
  const rows = mismatches.map((mismatch): readonly Cell[] => [
    countText(mismatch.count),
    `${formatWord(mismatch.diskFormat)} / ${formatWord(mismatch.containerFormat)}`,
    foundText(mismatch),
    dim(mismatch.sampleIds),
  ]);
  const text = block('Not what is declared', MISMATCH_COLUMNS, rows, style);
  if (otherMismatches === 0) return text;
  return `${text}\n${sentence(`and ${imagesText(otherMismatches)} more that are not kept apart, see --ndjson`, style)}`;
}

function refusalBlock({ refused }: ContentSummary, style: TerminalStyle): string {
  const rows = refused.reasons.map(({ reason, count, sampleIds }): readonly Cell[] => [
    countText(count),
    reason,
    dim(sampleIds),
  ]);
  const title = `Refused by Nova and Glance of 2024 and later: ${imagesText(refused.count)}`;
  return block(title, REFUSAL_COLUMNS, rows, style);
}

function block(
  title: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  style: TerminalStyle,
  limit = SHOWN,
): string {
  if (rows.length === 0) return '';
  const more = rows.length - limit;
  return [
    paint(sentence(title, style), 'bold', style),
    renderTable(columns, rows.slice(0, limit), style),
    ...(more > 0 ? [sentence(`and ${countText(more)} more, see --json`, style)] : []),
  ].join('\n');
}

/** `disk/qcow2`, `?/raw in tgz`: a question mark where the bytes do not say. */
export function foundText({ found: { imageType, containerType, envelope } }: ContentMismatch): string {
  const classification = `${imageType ?? '?'}/${containerType ?? '?'}`;
  return envelope === null ? classification : `${classification} in ${envelope}`;
}

function dim(sampleIds: readonly string[]): Cell {
  return { text: sampleIds[0] ?? '', tone: 'dim' };
}
