import type { PlanSummary } from '../../plan/summary-shape.ts';
import { SEVERITY_TONES } from '../../words/decision-words.ts';
import { countText } from '../../words/number-text.ts';
import type { TerminalStyle } from '../../words/style.ts';
import { type ScreenPart, tablePart } from '../layout/screen.ts';
import { inside, section } from '../layout/section.ts';
import { type Cell, figures, cut, renderTable, whole } from '../layout/table.ts';

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
