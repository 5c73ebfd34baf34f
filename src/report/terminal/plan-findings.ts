import type { Severity } from '../../model/finding.ts';
import type { PlanSummary } from '../plan-summary-shape.ts';
import { countText } from './number-text.ts';
import { inside, section } from './section.ts';
import type { TerminalStyle, Tone } from './style.ts';
import { renderTable, type Cell, type Column } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'images', align: 'right', narrow: 'whole' },
  { title: 'severity', align: 'left', narrow: 'whole' },
  { title: 'finding', align: 'left', narrow: 'cut' },
];

const TONES: Readonly<Record<Severity, Tone>> = { error: 'bad', warning: 'warn', info: 'dim' };

/** What the operator should know although it changes no answer, the worst first, each with an image to look at. */
export function findingsSection({ findings }: PlanSummary, style: TerminalStyle): string {
  if (findings.length === 0) return '';
  const rows = findings.flatMap(({ code, severity, title, count, sampleIds }): readonly (readonly Cell[])[] => [
    [countText(count), { text: severity, tone: TONES[severity] }, `${code}: ${title}`],
    ...sampleIds.slice(0, 1).map((id) => ['', '', { text: `for example ${id}`, tone: 'dim' as const }]),
  ]);
  return section('Findings', [renderTable(COLUMNS, rows, inside(style))], style);
}
