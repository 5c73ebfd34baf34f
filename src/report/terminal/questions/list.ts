import { entryState, imagesOf, walkCounts, type EntryState, type Walk } from '../../../answers/walk/walk.ts';
import { tupleText } from '../../words/decision-words.ts';
import { answerText } from './card.ts';
import { counted, countText, imagesText } from '../../words/number-text.ts';
import { nextSection, sentence } from '../layout/section.ts';
import { paint, type TerminalStyle, type Tone } from '../../words/style.ts';
import { type Cell, cut, figures, renderTable, whole } from '../layout/table.ts';

const TONES: Readonly<Record<EntryState, Tone>> = { open: 'warn', grown: 'bad', answered: 'good' };

/** Every question with its state, and what is left to do. Ends in LF. */
export function questionList(walk: Walk, next: readonly string[], style: TerminalStyle): string {
  const rows = walk.document.questions.map((entry): readonly Cell[] => {
    const state = entryState(entry, walk.growthLimitPercent);
    return [
      countText(imagesOf(entry)),
      entry.facts.id,
      tupleText(entry.facts, '/'),
      { text: state, tone: TONES[state] },
      entry.answer === null ? entry.facts.candidates.join(', ') : answerText(entry),
    ];
  });
  const table = renderTable(
    [figures('images'), whole('question'), cut('tuple'), whole('state'), cut('answer, or candidates')],
    rows,
    style,
  );
  return `${rows.length === 0 ? '' : `${table}\n\n`}${whatIsLeft(walk, next, style)}`;
}

/** What is answered, what is not, and the commands to type next. Ends in LF. */
export function whatIsLeft(walk: Walk, next: readonly string[], style: TerminalStyle): string {
  const counts = walkCounts(walk.document, walk.growthLimitPercent);
  const left = [
    counts.open === 0 ? '' : `${counted(counts.open, 'question')} not answered`,
    counts.grown === 0 ? '' : `${counted(counts.grown, 'question')} grown since answered`,
  ].filter((text) => text !== '');
  const verdict =
    counts.questions === 0
      ? 'There are no questions in this file.'
      : left.length === 0
        ? `All ${counted(counts.questions, 'question')} answered: ${imagesText(counts.images)}.`
        : `${left.join(', ')}: ${imagesText(counts.imagesOpen)} of ${countText(counts.images)}.`;
  const others =
    counts.otherAnswers === 0
      ? ''
      : `${counted(counts.otherAnswers, 'more answer')} for image ids and conditions; plan --answers shows what they decide.`;
  return [
    paint(sentence(verdict, style), left.length === 0 ? 'good' : 'warn', style),
    ...(others === '' ? [] : [sentence(others, style)]),
    ...(next.length === 0 ? [] : [nextSection(next, style)]),
    '',
  ].join('\n');
}
