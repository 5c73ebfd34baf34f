import { entryState, imagesOf, walkCounts, type EntryState, type Walk } from '../../../answers/walk/walk.ts';
import { answerText, tupleText } from './card.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import { safeText } from '../../words/safe-text.ts';
import { sentence } from '../layout/section.ts';
import { paint, type TerminalStyle, type Tone } from '../../words/style.ts';
import { renderTable, type Cell } from '../layout/table.ts';

const TONES: Readonly<Record<EntryState, Tone>> = { open: 'warn', grown: 'bad', answered: 'good' };

/** Every question with its state, and what is left to do. Lines joined by LF, with a final one. */
export function questionList(walk: Walk, next: readonly string[], style: TerminalStyle): string {
  const rows = walk.document.questions.map((entry): readonly Cell[] => {
    const state = entryState(entry, walk.growthLimitPercent);
    return [
      countText(imagesOf(entry)),
      entry.facts.id,
      tupleText(entry),
      { text: state, tone: TONES[state] },
      entry.answer === null ? entry.facts.candidates.join(', ') : answerText(entry),
    ];
  });
  const table = renderTable(
    [
      { title: 'images', align: 'right', narrow: 'whole' },
      { title: 'question', align: 'left', narrow: 'whole' },
      { title: 'tuple', align: 'left', narrow: 'cut' },
      { title: 'state', align: 'left', narrow: 'whole' },
      { title: 'answer, or candidates', align: 'left', narrow: 'cut' },
    ],
    rows,
    style,
  );
  return `${rows.length === 0 ? '' : `${table}\n\n`}${whatIsLeft(walk, next, style)}`;
}

/** What is answered, what is not, and the commands to type next; these are not broken into lines, so that they can be copied. */
export function whatIsLeft(walk: Walk, next: readonly string[], style: TerminalStyle): string {
  const counts = walkCounts(walk.document, walk.growthLimitPercent);
  const left = [
    counts.open === 0 ? '' : `${questionsText(counts.open)} not answered`,
    counts.grown === 0 ? '' : `${questionsText(counts.grown)} grown since answered`,
  ].filter((text) => text !== '');
  const verdict =
    counts.questions === 0
      ? 'There are no questions in this file.'
      : left.length === 0
        ? `All ${questionsText(counts.questions)} answered: ${imagesText(counts.images)}.`
        : `${left.join(', ')}: ${imagesText(counts.imagesOpen)} of ${countText(counts.images)}.`;
  const others =
    counts.otherAnswers === 0
      ? ''
      : `${countText(counts.otherAnswers)} more ${counts.otherAnswers === 1 ? 'answer' : 'answers'} to image ids and conditions; what they settle is for plan --answers to say.`;
  return [
    paint(sentence(verdict, style), left.length === 0 ? 'good' : 'warn', style),
    ...(others === '' ? [] : [sentence(others, style)]),
    ...(next.length === 0 ? [] : [paint('Next', 'bold', style), ...next.map((command) => `  ${safeText(command)}`)]),
    '',
  ].join('\n');
}

function questionsText(count: number): string {
  return `${countText(count)} ${count === 1 ? 'question' : 'questions'}`;
}
