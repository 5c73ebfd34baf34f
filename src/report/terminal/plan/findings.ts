import type { PlanSummary } from '../../plan/summary-shape.ts';
import { countText } from '../../words/number-text.ts';
import { inside, section } from '../layout/section.ts';
import { type ScreenPart, tableEntries } from '../layout/screen.ts';
import type { TerminalStyle } from '../../words/style.ts';
import { renderTable, type Cell, type Column } from '../layout/table.ts';
import { SEVERITY_TONES } from '../../words/words.ts';

const COLUMNS: readonly Column[] = [
  { title: 'images', align: 'right', narrow: 'whole' },
  { title: 'severity', align: 'left', narrow: 'whole' },
  { title: 'finding', align: 'left', narrow: 'cut' },
];

/** What the operator should know although it changes no answer, the worst first, each with an image to look at. */
export function findingsSection({ findings }: PlanSummary, style: TerminalStyle): string {
  if (findings.length === 0) return '';
  const rows = findings.flatMap(({ code, severity, title, count, sampleIds }): readonly (readonly Cell[])[] => [
    [countText(count), { text: severity, tone: SEVERITY_TONES[severity] }, `${code}: ${title}`],
    ...sampleIds.slice(0, 1).map((id) => ['', '', { text: `for example ${id}`, tone: 'dim' as const }]),
  ]);
  return section('Findings', [renderTable(COLUMNS, rows, inside(style))], style);
}

/** A line each. */
export function findingsPart({ findings }: PlanSummary): ScreenPart | null {
  if (findings.length === 0) return null;
  const rows = findings.map(({ code, severity, title, count }): readonly Cell[] => [
    countText(count),
    { text: severity, tone: SEVERITY_TONES[severity] },
    `${code}: ${title}`,
  ]);
  return {
    title: 'Findings',
    hint: '',
    ...tableEntries(COLUMNS, rows),
    beyond: 0,
    share: 3,
    rest: '--html report.html',
  };
}
