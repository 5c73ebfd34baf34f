import type { AnswerEffect, AnswerRemark, AnswerReview } from '../../../model/answer.ts';
import type { Question, Sample } from '../../../model/question.ts';
import { totalOf } from '../../plan/bounded-groups.ts';
import type { PlanReport } from '../../plan/report.ts';
import { classificationText, couldBeText, resolutionText, tupleText } from '../../words/decision-words.ts';
import { answeringWay } from '../../words/next-words.ts';
import { counted, countText, imagesText } from '../../words/number-text.ts';
import { safeText } from '../../words/safe-text.ts';
import { paint, type TerminalStyle } from '../../words/style.ts';
import { cutText } from '../../words/text-width.ts';
import { type ScreenPart, tablePart } from '../layout/screen.ts';
import { inside, limitedTable, parted, section, sentence } from '../layout/section.ts';
import { type Cell, cut, figures, whole } from '../layout/table.ts';

/** Questions shown; they come biggest first, so the rest is the tail. */
const GROUPS_SHOWN = 8;
/** Pieces of evidence of one question; the JSON document has more. */
const EVIDENCE_SHOWN = 3;
const LABEL_WIDTH = 'for example  '.length;

/** What the rows alone do not say, as questions: one answer decides one group. */
export function undecidedSection(report: PlanReport, style: TerminalStyle): string {
  const { summary } = report;
  if (summary.byStatus.ambiguous + summary.byStatus.unmappable === 0) return '';
  const within = inside(style);
  const groups = summary.undecided;
  const rest = groups.slice(GROUPS_SHOWN);
  const restCount = totalOf(rest);
  const blocks = [
    sentence(howToAnswer(report), within),
    ...groups.slice(0, GROUPS_SHOWN).map((group) => groupBlock(group, within)),
    rest.length === 0
      ? ''
      : sentence(`and ${countText(rest.length)} more groups (${imagesText(restCount)}), see --json`, within),
    summary.otherUndecided === 0
      ? ''
      : sentence(`and ${imagesText(summary.otherUndecided)} in further groups, see --ndjson`, within),
  ];
  return section(titleOf(report), blocks, style);
}

/** A line for each question: how many images, its id, the candidates. */
export function undecidedPart(report: PlanReport): ScreenPart | null {
  const { undecided, otherUndecided } = report.summary;
  if (undecided.length === 0) return null;
  const rows = undecided.map((question): readonly Cell[] => [
    countText(question.count),
    { text: question.id, tone: 'warn' },
    couldBeText(question),
  ]);
  return tablePart(titleOf(report), [figures('images'), whole('question'), cut('could be')], rows, {
    hint: safeText(howToAnswer(report)),
    beyond: otherUndecided === 0 ? 0 : 1,
    share: 4,
  });
}

function titleOf({ summary: { byStatus, undecided } }: PlanReport): string {
  return `Undecided: ${imagesText(byStatus.ambiguous + byStatus.unmappable)}, ${counted(undecided.length, 'question')}`;
}

function howToAnswer({ next, answers }: PlanReport): string {
  const { write, file } = answeringWay(next, answers?.file);
  return `Answer them: ${write === null ? '' : `plan --questions ${file}, then `}questions ${file}`;
}

function groupBlock(group: Question, style: TerminalStyle): string {
  const title = `${countText(group.count)}  ${tupleText(group)}  ${group.id}`;
  const facts: readonly (readonly [string, string])[] = [
    ['could be', couldBeText(group)],
    ['why', `${group.status}, rule ${group.rule}: ${group.reason}`],
    ...(group.evidence.length === 0 ? [] : [['seen', evidenceText(group)] as const]),
    ['resolve by', resolutionText(group)],
  ];
  const [sample] = group.samples;
  return [
    paint(cutText(safeText(title), style.width), 'warn', style),
    ...facts.map(([label, text]) =>
      sentence(text, style, `  ${label.padEnd(LABEL_WIDTH)}`, ' '.repeat(LABEL_WIDTH + 2)),
    ),
    ...(sample === undefined ? [] : [cutText(`  for example  ${safeText(sampleText(sample))}`, style.width)]),
  ].join('\n');
}

/** `705 min_disk is set, so it is meant to boot; …` */
function evidenceText({ evidence }: Question): string {
  return evidence
    .slice(0, EVIDENCE_SHOWN)
    .map(({ detail, count }) => `${countText(count)} ${detail}`)
    .join('; ');
}

function sampleText({ id, name }: Sample): string {
  return name === null ? `${id} (no name)` : `${id} "${name}"`;
}

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
    limitedTable(REMARK_COLUMNS, remarks, SHOWN, within),
    limitedTable(EFFECT_COLUMNS, effects, SHOWN, within),
    answers.effects.length === 0 ? sentence('The file answers nothing yet.', within) : '',
  ];
  return section(answersTitle(answers), parted(blocks), style);
}

/** A line for each remark, then one for each answer. */
export function answersPart(answers: AnswerReview | null): ScreenPart | null {
  if (answers === null) return null;
  const remarks = refusingFirst(answers).map(remarkCells);
  const effects = answers.effects.map((effect): readonly Cell[] => [
    { text: answerText(effect), tone: 'good' },
    effect.place,
    `${imagesText(effect.images)}, ${effect.to}: decides ${countText(effect.settled)}, changes ${countText(effect.overruled)}${doubts(effect)}`,
  ]);
  return tablePart(answersTitle(answers), REMARK_COLUMNS, [...remarks, ...effects], { share: 4 });
}

function answersTitle({ file, effects, remarks }: AnswerReview): string {
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
