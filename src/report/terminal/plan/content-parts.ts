import type { PlanSummary } from '../../plan/summary-shape.ts';
import { foundText, readText } from './content.ts';
import { countText } from '../../words/number-text.ts';
import { type ScreenPart, tableEntries } from '../layout/screen.ts';
import type { Cell } from '../layout/table.ts';
import { formatWord, SEVERITY_TONES } from '../../words/words.ts';

/** Dangers in the bytes: a line each, never cut. */
export function securityPart({ content }: PlanSummary): ScreenPart | null {
  if (content === null || content.safety.length === 0) return null;
  const rows = content.safety.map(({ code, severity, title, count }): readonly Cell[] => [
    countText(count),
    { text: severity, tone: SEVERITY_TONES[severity] },
    `${code}: ${title}`,
  ]);
  return {
    title: 'Security',
    hint: '',
    ...tableEntries(
      [
        { align: 'right', narrow: 'whole' },
        { align: 'left', narrow: 'whole' },
        { align: 'left', narrow: 'cut' },
      ],
      rows,
    ),
    beyond: 0,
    share: 'whole',
    rest: '',
  };
}

/** What is not as declared, and what is refused already today. */
export function contentPart({ content }: PlanSummary): ScreenPart | null {
  if (content === null) return null;
  const rows = [
    ...content.mismatches.map((mismatch): readonly Cell[] => [
      countText(mismatch.count),
      `declared ${formatWord(mismatch.diskFormat)} / ${formatWord(mismatch.containerFormat)}, found ${foundText(mismatch)}`,
    ]),
    ...content.refused.reasons.map(({ reason, count }): readonly Cell[] => [
      countText(count),
      `refused by Nova and Glance of today: ${reason}`,
    ]),
  ];
  return {
    title: `Content: ${readText(content)}`,
    hint: '',
    ...tableEntries(
      [
        { align: 'right', narrow: 'whole' },
        { align: 'left', narrow: 'cut' },
      ],
      rows,
    ),
    beyond: content.otherMismatches,
    share: 2,
    rest: '--html report.html',
  };
}
