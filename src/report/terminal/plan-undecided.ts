import type { Question, Sample } from '../../model/question.ts';
import type { PlanSummary } from '../plan-summary-shape.ts';
import { countText, imagesText } from './number-text.ts';
import { resolutionText } from './resolution.ts';
import { safeText } from './safe-text.ts';
import { inside, section, sentence } from './section.ts';
import { paint, type TerminalStyle } from './style.ts';
import { cutText } from './text-width.ts';
import { candidatesText, formatWord } from './words.ts';

/** Questions shown; they come biggest first, so the rest is the tail. */
const GROUPS_SHOWN = 8;
const LABEL_WIDTH = 'for example  '.length;

/** What nobody can know from the rows alone, as questions: one answer settles one group. */
export function undecidedSection(summary: PlanSummary, style: TerminalStyle): string {
  const count = summary.byStatus.ambiguous + summary.byStatus.unmappable;
  if (count === 0) return '';
  const groups = summary.undecided;
  const rest = groups.slice(GROUPS_SHOWN);
  const restCount = rest.reduce((total, group) => total + group.count, 0);
  const blocks = [
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
  const questions = groups.length === 1 ? '1 question' : `${countText(groups.length)} questions`;
  return section(`Undecided: ${imagesText(count)}, ${questions}`, blocks, style);
}

function groupBlock(group: Question, style: TerminalStyle): string {
  const tuple = `${formatWord(group.diskFormat)} / ${formatWord(group.containerFormat)}`;
  const title = `${countText(group.count)}  ${tuple}  ${group.status}, rule ${group.rule}`;
  const facts: readonly (readonly [string, string])[] = [
    ['could be', couldBe(group)],
    ['why', group.reason],
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

function sampleText({ id, name }: Sample): string {
  return name === null ? `${id} (no name)` : `${id} "${name}"`;
}
