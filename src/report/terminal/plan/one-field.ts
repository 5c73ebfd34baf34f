import type { OneFieldLoss, PlanSummary } from '../../plan/summary-shape.ts';
import { countText, imagesText, percentText } from '../../words/number-text.ts';
import { inside, section, sentence } from '../layout/section.ts';
import { type ScreenPart, tablePart } from '../layout/screen.ts';
import type { TerminalStyle } from '../../words/style.ts';
import { classificationText } from '../../words/decision-words.ts';
import { totalOf } from '../../plan/bounded-groups.ts';

/** Lost types named in the text; the JSON document has all. */
const LOSSES_SHOWN = 3;

/** The one-field proposal on these images: what it can say, what it loses, what two fields need the envelope for. */
export function oneFieldSection({ oneField, cutover }: PlanSummary, style: TerminalStyle): string {
  const { decided } = cutover;
  if (decided === 0) return '';
  const lostCount = lostOf(oneField);
  const wrapped = totalOf(oneField.envelopes);
  const expressible = decided - lostCount;
  const words = oneField.words.map(({ format, count }) => `${format} ${countText(count)}`).join(', ');
  const envelopes = oneField.envelopes.map(({ envelope, count }) => `${envelope} ${countText(count)}`).join(', ');
  const lines = [
    `One field can say ${countText(expressible)} of ${imagesText(decided)} (${percentText(expressible, decided)})${words === '' ? '' : `: ${words}`}.`,
    lostCount === 0
      ? 'One field loses nothing here.'
      : `One field loses ${countText(lostCount)}: ${lossesText(oneField.lost)}.`,
    wrapped === 0
      ? 'Two fields lose nothing here.'
      : `Two fields need the envelope for ${countText(wrapped)}: ${envelopes}.`,
  ];
  return section(
    'One field or two',
    lines.map((line) => sentence(line, inside(style), '', '  ')),
    style,
  );
}

export function oneFieldPart({ oneField, cutover: { decided } }: PlanSummary): ScreenPart | null {
  if (decided === 0) return null;
  const lost = lostOf(oneField);
  return tablePart(
    `One field or two: one can say ${percentText(decided - lost, decided)} of the decided, and loses ${countText(lost)}`,
    [],
    [],
    { share: 1 },
  );
}

function lostOf({ lost }: PlanSummary['oneField']): number {
  return totalOf(lost);
}

function lossesText(losses: readonly OneFieldLoss[]): string {
  const named = losses
    .slice(0, LOSSES_SHOWN)
    .map(({ classification, why, count }) => `${classificationText(classification)} ${countText(count)} (${why})`);
  const rest = losses.length - named.length;
  return [...named, ...(rest === 0 ? [] : [`${countText(rest)} more, see --json`])].join('; ');
}
