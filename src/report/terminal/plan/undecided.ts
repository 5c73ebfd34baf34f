import type { Question, Sample } from '../../../model/question.ts';
import type { PlanReport } from '../../plan/report.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import { resolutionText } from '../../words/resolution.ts';
import { safeText } from '../../words/safe-text.ts';
import { inside, section, sentence } from '../layout/section.ts';
import { type ScreenPart, tableEntries } from '../layout/screen.ts';
import { paint, type TerminalStyle } from '../../words/style.ts';
import type { Cell } from '../layout/table.ts';
import { cutText } from '../../words/text-width.ts';
import { candidatesText, formatWord } from '../../words/words.ts';

/** Questions shown; they come biggest first, so the rest is the tail. */
const GROUPS_SHOWN = 8;
/** Pieces of evidence of one question; the JSON document has more. */
const SIGHTS_SHOWN = 3;
const LABEL_WIDTH = 'for example  '.length;

/** What nobody can know from the rows alone, as questions: one answer settles one group. */
export function undecidedSection(report: PlanReport, style: TerminalStyle): string {
  const { summary } = report;
  if (summary.byStatus.ambiguous + summary.byStatus.unmappable === 0) return '';
  const groups = summary.undecided;
  const rest = groups.slice(GROUPS_SHOWN);
  const restCount = rest.reduce((total, group) => total + group.count, 0);
  const blocks = [
    sentence(howToAnswer(report), inside(style)),
    ...groups.slice(0, GROUPS_SHOWN).map((group) => groupBlock(group, inside(style))),
    rest.length === 0
      ? ''
      : sentence(`and ${countText(rest.length)} more groups (${imagesText(restCount)}), see --json`, inside(style)),
    summary.otherUndecided === 0
      ? ''
      : sentence(
          `and ${imagesText(summary.otherUndecided)} in further groups that are not kept apart, see --ndjson`,
          inside(style),
        ),
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
    couldBe(question),
  ]);
  return {
    title: titleOf(report),
    hint: safeText(howToAnswer(report)),
    ...tableEntries(
      [
        { align: 'right', narrow: 'whole' },
        { align: 'left', narrow: 'whole' },
        { align: 'left', narrow: 'cut' },
      ],
      rows,
    ),
    beyond: otherUndecided === 0 ? 0 : 1,
    share: 4,
    rest: '--html report.html',
  };
}

function titleOf({ summary: { byStatus, undecided } }: PlanReport): string {
  const questions = undecided.length === 1 ? '1 question' : `${countText(undecided.length)} questions`;
  return `Undecided: ${imagesText(byStatus.ambiguous + byStatus.unmappable)}, ${questions}`;
}

function howToAnswer({ answers }: PlanReport): string {
  const file = answers?.file ?? 'answers.yaml';
  return `Answer them: plan --questions ${file}, then questions ${file}`;
}

function groupBlock(group: Question, style: TerminalStyle): string {
  const tuple = `${formatWord(group.diskFormat)} / ${formatWord(group.containerFormat)}`;
  const title = `${countText(group.count)}  ${tuple}  ${group.id}`;
  const facts: readonly (readonly [string, string])[] = [
    ['could be', couldBe(group)],
    ['why', `${group.status}, rule ${group.rule}: ${group.reason}`],
    ...(group.evidence.length === 0 ? [] : [['seen', seenText(group)] as const]),
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

function couldBe({ candidates, imageType, envelope }: Question): string {
  if (candidates.length > 0) return candidatesText(candidates);
  const type = imageType === null ? 'nothing that the model can name' : `${imageType}, container unknown`;
  return envelope === null ? type : `${type}, in ${envelope}`;
}

/** `705 min_disk is set, so it is meant to boot; …` */
function seenText({ evidence }: Question): string {
  return evidence
    .slice(0, SIGHTS_SHOWN)
    .map(({ detail, count }) => `${countText(count)} ${detail}`)
    .join('; ');
}

function sampleText({ id, name }: Sample): string {
  return name === null ? `${id} (no name)` : `${id} "${name}"`;
}
