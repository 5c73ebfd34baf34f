import { summed, totalOf } from '../../plan/bounded-groups.ts';
import type { OutcomeCount, PlanSummary, TupleCount } from '../../plan/report.ts';
import { classificationText, shortCandidatesText, STATUS_TONES, tupleText } from '../../words/decision-words.ts';
import { formatWord } from '../../../model/fold-word.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import type { TerminalStyle } from '../../words/style.ts';
import { type ScreenPart, tablePart } from '../layout/screen.ts';
import { inside, section, sentence } from '../layout/section.ts';
import { type Cell, cut, figures, renderTable, whole } from '../layout/table.ts';

const TITLE = 'What the images become';
/** With the lines around it, about one screen. */
const TUPLES_SHOWN = 25;
/** Outcomes of one tuple that get a line; rarer ones are in the JSON document. */
const OUTCOMES_SHOWN = 4;

const COLUMNS = [figures('images'), cut('disk_format'), cut('container_format'), whole('status'), cut('becomes')];

/** What becomes of each spelling of the tuple, biggest first; one line an outcome. */
export function tuplesSection({ total, tuples, otherTuples }: PlanSummary, style: TerminalStyle): string {
  if (total === 0) return '';
  const rows = tuples.slice(0, TUPLES_SHOWN).flatMap(tupleRows);
  const more = totalOf(tuples.slice(TUPLES_SHOWN));
  const notes = [
    more === 0 ? '' : `and ${countText(tuples.length - TUPLES_SHOWN)} more (${imagesText(more)}), see --json`,
    otherTuples.count === 0 ? '' : `and ${imagesText(otherTuples.count)} of further spellings, see --ndjson`,
  ];
  const blocks = [renderTable(COLUMNS, rows, inside(style)), ...notes.map((note) => sentence(note, inside(style)))];
  return section(TITLE, blocks, style);
}

/** A line for each spelling. */
export function tuplesPart({ tuples, otherTuples }: PlanSummary): ScreenPart | null {
  if (tuples.length === 0) return null;
  const rows = tuples.map((tuple) => [countText(tuple.count), tupleText(tuple), outcomesText(tuple)]);
  const beyond = otherTuples.count === 0 ? 0 : 1;
  const columns = [figures('images'), cut('tuple'), cut('becomes')];
  return tablePart(TITLE, columns, rows, { beyond, share: 4, rest: '--json plan.json' });
}

/** `6,036 disk/qcow2, 4,939 without payload, 78 filesystem/qcow2, 2 undecided`. */
function outcomesText({ outcomes }: TupleCount): string {
  const words = summed(
    outcomes.map((outcome) => ({ word: outcomeWord(outcome), count: outcome.count })),
    ({ word }) => word,
  );
  return words.map(({ word, count }) => `${countText(count)} ${word}`).join(', ');
}

function outcomeWord({ classification, status }: OutcomeCount): string {
  if (classification !== null) return classificationText(classification);
  return status === 'not-applicable' ? 'without payload' : 'undecided';
}

function tupleRows(tuple: TupleCount): readonly (readonly Cell[])[] {
  const outcomes = mergedOutcomes(tuple.outcomes);
  const rows = outcomes
    .slice(0, OUTCOMES_SHOWN)
    .map((outcome, index): readonly Cell[] => [
      countText(outcome.count),
      index === 0 ? formatWord(tuple.diskFormat) : '',
      index === 0 ? formatWord(tuple.containerFormat) : '',
      { text: outcome.status, tone: STATUS_TONES[outcome.status] },
      becomes(outcome),
    ]);
  const rest = outcomes.slice(OUTCOMES_SHOWN);
  if (rest.length === 0) return rows;
  const restCount = totalOf(rest);
  return [...rows, [countText(restCount), '', '', '', `${countText(rest.length)} more outcomes`]];
}

/** Outcomes that differ in the rule alone read the same here, so they share a line. */
function mergedOutcomes(outcomes: readonly OutcomeCount[]): readonly OutcomeCount[] {
  const byText = new Map<string, OutcomeCount>();
  for (const outcome of outcomes) {
    const key = `${outcome.status} ${becomes(outcome)}`;
    const known = byText.get(key);
    byText.set(key, known === undefined ? outcome : { ...known, count: known.count + outcome.count });
  }
  return [...byText.values()].sort((a, b) => b.count - a.count);
}

/** Of more than two candidates the best alone: the question further down names all of them. */
function becomes({ classification, candidates, imageType }: OutcomeCount): string {
  if (classification !== null) return classificationText(classification);
  return imageType !== null ? `${imageType}/?` : shortCandidatesText(candidates);
}
