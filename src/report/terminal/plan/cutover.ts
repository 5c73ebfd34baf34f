import type { CutoverCount, PlanSummary } from '../../plan/summary-shape.ts';
import { biggestFirst } from '../../plan/bounded-groups.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import { inside, section, sentence } from '../layout/section.ts';
import { type ScreenPart, tableEntries } from '../layout/screen.ts';
import type { TerminalStyle } from '../../words/style.ts';
import { AFTER, TODAY } from '../../words/words.ts';

/** What will behave differently once consumers go by the new types, in sentences. */
export function cutoverSection({ cutover }: PlanSummary, style: TerminalStyle): string {
  if (cutover.decided === 0) return '';
  if (cutover.different === 0) {
    const text = `Nothing changes for the ${imagesText(cutover.decided)} decided: each will be used as Nova uses it today.`;
    return section('At the cutover', [sentence(text, inside(style))], style);
  }
  const changes = changesOf(cutover);
  const total = `${countText(cutover.different)} of the ${imagesText(cutover.decided)} decided will behave differently:`;
  const lines = changes.map(
    ({ novaToday, disposition, count }) =>
      `${imagesText(count)} that Nova ${TODAY[novaToday]} will ${AFTER[disposition]}`,
  );
  return section(
    'At the cutover',
    [total, ...lines].map((line) => sentence(line, inside(style), '', '  ')),
    style,
  );
}

/** A line for each change; nothing where none is to come, because the verdict says so. */
export function cutoverPart({ cutover }: PlanSummary): ScreenPart | null {
  if (cutover.different === 0) return null;
  const rows = changesOf(cutover).map(({ novaToday, disposition, count }) => [
    countText(count),
    `that Nova ${TODAY[novaToday]} will ${AFTER[disposition]}`,
  ]);
  return {
    title: `At the cutover: ${countText(cutover.different)} of ${countText(cutover.decided)} decided`,
    hint: '',
    ...tableEntries(
      [
        { align: 'right', narrow: 'whole' },
        { align: 'left', narrow: 'cut' },
      ],
      rows,
    ),
    beyond: 0,
    share: 3,
    rest: '--html report.html',
  };
}

/** Biggest first. */
function changesOf({ matrix }: PlanSummary['cutover']): readonly CutoverCount[] {
  return biggestFirst(
    matrix.filter((cell) => cell.novaToday !== cell.disposition),
    (cell) => `${cell.novaToday} ${cell.disposition}`,
  );
}
