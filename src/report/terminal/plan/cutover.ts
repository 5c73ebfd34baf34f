import { totalOf } from '../../plan/bounded-groups.ts';
import { effectOf } from '../../plan/decided-tally.ts';
import type { OneFieldLoss, PlanSummary } from '../../plan/report.ts';
import { classificationText } from '../../words/decision-words.ts';
import { countText, imagesText, percentText } from '../../words/number-text.ts';
import type { TerminalStyle } from '../../words/style.ts';
import {
  changeText,
  cutoverChanges,
  EFFECTS,
  ofDecidedText,
  splitText,
  unchangedText,
} from '../../words/summary-words.ts';
import { type ScreenPart, tablePart } from '../layout/screen.ts';
import { inside, painted, section, sentence } from '../layout/section.ts';
import { type Cell, cut, figures, whole } from '../layout/table.ts';

/** What will behave differently once consumers go by the new types: what breaks, then what improves, in sentences. */
export function cutoverSection({ cutover }: PlanSummary, style: TerminalStyle): string {
  if (cutover.decided === 0) return '';
  const within = inside(style);
  if (cutover.different === 0) return section('At the cutover', [sentence(unchangedText(cutover), within)], style);
  const blocks = [
    sentence(`${countText(cutover.different)} ${ofDecidedText(cutover)}`, within, '', '  '),
    ...(['breaks', 'improves'] as const).flatMap((effect) => effectBlock(cutover, effect, within)),
  ];
  return section('At the cutover', blocks, style);
}

function effectBlock(
  cutover: PlanSummary['cutover'],
  effect: 'breaks' | 'improves',
  style: TerminalStyle,
): readonly string[] {
  if (cutover[effect] === 0) return [];
  const { title, meaning } = EFFECTS[effect];
  return [
    painted(`${title}: ${imagesText(cutover[effect])} ${meaning}`, TONES[effect], style, '', '  '),
    ...cutoverChanges(cutover, effect).map((change) =>
      sentence(`${imagesText(change.count)} ${changeText(change)}`, style, '  ', '    '),
    ),
  ];
}

const TONES = { breaks: 'warn', improves: 'good' } as const;

/** A line for each change, what breaks first. There is no part where nothing changes: the verdict says so. */
export function cutoverPart({ cutover }: PlanSummary): ScreenPart | null {
  if (cutover.different === 0) return null;
  const title = `At the cutover, of ${countText(cutover.decided)} decided: ${splitText(cutover)}`;
  const rows = cutoverChanges(cutover).map((change): readonly Cell[] => {
    const effect = effectOf(change) === 'improves' ? 'improves' : 'breaks';
    return [countText(change.count), { text: effect, tone: TONES[effect] }, changeText(change)];
  });
  return tablePart(title, [figures('images'), whole('effect'), cut('change')], rows, { share: 3 });
}

/** Lost types named in the text; the JSON document has all. */
const LOSSES_SHOWN = 3;

/** The one-field proposal on these images: what it can say, what it loses, what two fields need the envelope for. */
export function oneFieldSection({ oneField, cutover }: PlanSummary, style: TerminalStyle): string {
  const { decided } = cutover;
  if (decided === 0) return '';
  const lostCount = totalOf(oneField.lost);
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
  const lost = totalOf(oneField.lost);
  return tablePart(
    `One field or two: one can say ${percentText(decided - lost, decided)} of the decided, and loses ${countText(lost)}`,
    [],
    [],
    { share: 1 },
  );
}

function lossesText(losses: readonly OneFieldLoss[]): string {
  const named = losses
    .slice(0, LOSSES_SHOWN)
    .map(({ classification, why, count }) => `${classificationText(classification)} ${countText(count)} (${why})`);
  const rest = losses.length - named.length;
  return [...named, ...(rest === 0 ? [] : [`${countText(rest)} more, see --json`])].join('; ');
}
