import type { PlanSummary } from '../plan-summary-shape.ts';
import type { ReportHeader } from '../report-header.ts';
import { renderKeyValues } from './key-values.ts';
import { countText, imagesText, percentText } from './number-text.ts';
import { wrapProse } from './prose.ts';
import { paint, type TerminalStyle, type Tone } from './style.ts';

/** One sentence that says how things stand, the five counts, and what was looked at. */
export function verdictSection(summary: PlanSummary, header: ReportHeader, style: TerminalStyle): string {
  const { text, tone } = verdict(summary);
  const lines = wrapProse(text, style.width).map((line) => paint(line, tone, style));
  const facts = renderKeyValues(
    [
      ...counts(summary),
      ['database', `${header.database} (${header.engine}, Glance ${header.era})`],
      ['rules', header.rules_digest],
    ],
    style,
  );
  return `${lines.join('\n')}\n\n${facts}`;
}

function verdict({ total, byStatus }: PlanSummary): { readonly text: string; readonly tone: Tone } {
  const decided = byStatus.exact + byStatus.inferred;
  const undecided = byStatus.ambiguous + byStatus.unmappable;
  if (total === 0) return { text: 'No images: there is nothing to decide.', tone: 'good' };
  if (decided + undecided === 0) {
    return { text: `None of ${imagesText(total)} has a payload: there is nothing to decide.`, tone: 'good' };
  }
  if (undecided === 0)
    return { text: `Ready: all ${imagesText(decided)} that can be typed are decided.`, tone: 'good' };
  const are = undecided === 1 ? 'is' : 'are';
  if (decided === 0) {
    return { text: `Not ready: no image is decided, ${countText(undecided)} ${are} undecided.`, tone: 'bad' };
  }
  const text = `Not ready: ${countText(undecided)} of ${imagesText(decided + undecided)} ${are} undecided, ${countText(decided)} decided.`;
  return { text, tone: 'warn' };
}

function counts({ total, byStatus, notApplicable }: PlanSummary): readonly (readonly [string, string])[] {
  const share = (count: number): string =>
    `${countText(count).padStart(countText(total).length)}  ${percentText(count, total)}`;
  const reasons = notApplicable.map(({ reason, count }) => `${countText(count)} ${reason}`).join('; ');
  return [
    ['images', countText(total)],
    ['exact', share(byStatus.exact)],
    ['inferred', share(byStatus.inferred)],
    ['ambiguous', share(byStatus.ambiguous)],
    ['unmappable', share(byStatus.unmappable)],
    ['not applicable', share(byStatus['not-applicable']) + (reasons === '' ? '' : `  (${reasons})`)],
  ];
}
