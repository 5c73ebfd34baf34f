import type { AnswerEffect, AnswerRemark, AnswerReview } from '../../../model/answer.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import { safeText } from '../../words/safe-text.ts';
import { type ScreenPart, tablePart } from '../layout/screen.ts';
import { inside, parted, section, sentence } from '../layout/section.ts';
import type { TerminalStyle } from '../../words/style.ts';
import { type Cell, type Column, figures, cut, renderTable, whole } from '../layout/table.ts';
import { classificationText } from '../../words/decision-words.ts';

/** Remarks and answers shown; the JSON document has all. */
const SHOWN = 25;

const REMARK_COLUMNS = [whole('remark'), whole('where'), cut('what')];
const EFFECT_COLUMNS = [
  figures('images'),
  figures('decides'),
  figures('changes'),
  cut('answer'),
  cut('to'),
  cut('where'),
  cut('by'),
];

/** What the answers do: refusals, warnings, then the effect of every answer in the order of the file. */
export function answersSection(answers: AnswerReview | null, style: TerminalStyle): string {
  if (answers === null) return '';
  const within = inside(style);
  const remarks = refusingFirst(answers).map(remarkCells);
  const effects = answers.effects.map(effectCells);
  const blocks = [
    table(REMARK_COLUMNS, remarks, within),
    table(EFFECT_COLUMNS, effects, within),
    answers.effects.length === 0 ? sentence('The file answers nothing yet.', within) : '',
  ];
  return section(titleOf(answers), parted(blocks), style);
}

/** A line for each remark, then one for each answer. */
export function answersPart(answers: AnswerReview | null): ScreenPart | null {
  if (answers === null) return null;
  const remarks = refusingFirst(answers).map(remarkCells);
  const effects = answers.effects.map((effect): readonly Cell[] => [
    { text: answerText(effect), tone: 'good' },
    effect.place,
    `${imagesText(effect.images)}, ${effect.to}: ${effectText(effect)}`,
  ]);
  return tablePart(titleOf(answers), REMARK_COLUMNS, [...remarks, ...effects], { share: 4 });
}

function titleOf({ file, effects, remarks }: AnswerReview): string {
  const sum = (of: (effect: AnswerEffect) => number): number =>
    effects.reduce((total, effect) => total + of(effect), 0);
  const refusing = remarks.filter(({ weight }) => weight === 'refuses').length;
  const parts = [
    `${countText(effects.length)} in ${file}`,
    `${imagesText(sum((effect) => effect.settled))} decided`,
    `${countText(sum((effect) => effect.overruled))} changed`,
    ...(refusing === 0 ? [] : [`${countText(refusing)} refused`]),
  ];
  return safeText(`Answers: ${parts.join(', ')}`);
}

function refusingFirst({ remarks }: AnswerReview): readonly AnswerRemark[] {
  return [
    ...remarks.filter(({ weight }) => weight === 'refuses'),
    ...remarks.filter(({ weight }) => weight === 'warns'),
  ];
}

function remarkCells({ weight, place, text }: AnswerRemark): readonly Cell[] {
  return [{ text: weight, tone: weight === 'refuses' ? 'bad' : 'warn' }, place, text];
}

function effectCells(effect: AnswerEffect): readonly Cell[] {
  const { images, settled, overruled, to, place, author, date, reason } = effect;
  return [
    countText(images),
    countText(settled),
    countText(overruled),
    answerText(effect),
    to,
    { text: place, tone: 'dim' },
    { text: [author, date, reason].filter((word) => word !== null).join(', '), tone: 'dim' },
  ];
}

function answerText({ value }: AnswerEffect): string {
  return value.kind === 'leave' ? 'leave' : classificationText(value.classification);
}

function effectText(effect: AnswerEffect): string {
  return `decides ${countText(effect.settled)}, changes ${countText(effect.overruled)}${doubts(effect)}`;
}

function doubts({ outside, againstProof, population }: AnswerEffect): string {
  const parts = [
    population === null || population.written === population.now
      ? ''
      : `${countText(population.written)} images when it was written, ${countText(population.now)} now`,
    againstProof === 0 ? '' : `${countText(againstProof)} against a proof`,
    outside === 0 ? '' : `${countText(outside)} not among the candidates`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function table(columns: readonly Column[], rows: readonly (readonly Cell[])[], style: TerminalStyle): string {
  if (rows.length === 0) return '';
  const more = rows.length - SHOWN;
  return [
    renderTable(columns, rows.slice(0, SHOWN), style),
    ...(more > 0 ? [sentence(`and ${countText(more)} more, see --json`, style)] : []),
  ].join('\n');
}
