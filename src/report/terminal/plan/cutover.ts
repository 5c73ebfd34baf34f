import type { PlanSummary } from '../../plan/summary-shape.ts';
import { changeText, cutoverChanges, ofDecidedText, unchangedText } from '../../words/cutover.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import type { TerminalStyle } from '../../words/style.ts';
import { type ScreenPart, tablePart } from '../layout/screen.ts';
import { inside, section, sentence } from '../layout/section.ts';
import { figures, cut } from '../layout/table.ts';

/** What will behave differently once consumers go by the new types, in sentences. */
export function cutoverSection({ cutover }: PlanSummary, style: TerminalStyle): string {
  if (cutover.decided === 0) return '';
  const lines =
    cutover.different === 0
      ? [unchangedText(cutover)]
      : [
          `${countText(cutover.different)} ${ofDecidedText(cutover)}`,
          ...cutoverChanges(cutover).map((change) => `${imagesText(change.count)} ${changeText(change)}`),
        ];
  const hanging = cutover.different === 0 ? '' : '  ';
  return section(
    'At the cutover',
    lines.map((line) => sentence(line, inside(style), '', hanging)),
    style,
  );
}

/** A line for each change. There is no part where nothing changes: the verdict says so. */
export function cutoverPart({ cutover }: PlanSummary): ScreenPart | null {
  if (cutover.different === 0) return null;
  const title = `At the cutover: ${countText(cutover.different)} of ${countText(cutover.decided)} decided`;
  const rows = cutoverChanges(cutover).map((change) => [countText(change.count), changeText(change)]);
  return tablePart(title, [figures('images'), cut('change')], rows, { share: 3 });
}
