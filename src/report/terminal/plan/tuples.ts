import { biggestFirst } from '../../plan/bounded-groups.ts';
import type { OutcomeCount, PlanSummary, TupleCount } from '../../plan/summary-shape.ts';
import { countText, imagesText } from '../../words/number-text.ts';
import { inside, section, sentence } from '../layout/section.ts';
import { type ScreenPart, tableEntries } from '../layout/screen.ts';
import type { TerminalStyle } from '../../words/style.ts';
import { renderTable, type Cell, type Column } from '../layout/table.ts';
import { candidatesText, formatWord, STATUS_TONES, classificationText } from '../../words/words.ts';

/** With the lines around it, about one screen. */
const TUPLES_SHOWN = 25;
/** Outcomes of one tuple that get a line; rarer ones are in the JSON document. */
const OUTCOMES_SHOWN = 4;

const COLUMNS: readonly Column[] = [
  { title: 'images', align: 'right', narrow: 'whole' },
  { title: 'disk_format', align: 'left', narrow: 'cut' },
  { title: 'container_format', align: 'left', narrow: 'cut' },
  { title: 'status', align: 'left', narrow: 'whole' },
  { title: 'becomes', align: 'left', narrow: 'cut' },
];

/** What becomes of each spelling of the tuple, biggest first; one line an outcome. */
export function tuplesSection(summary: PlanSummary, style: TerminalStyle): string {
  if (summary.total === 0) return '';
  const shown = summary.tuples.slice(0, TUPLES_SHOWN);
  const rows = shown.flatMap(tupleRows);
  const more = summary.tuples.slice(TUPLES_SHOWN).reduce((total, tuple) => total + tuple.count, 0);
  const notes = [
    more === 0 ? '' : `and ${countText(summary.tuples.length - TUPLES_SHOWN)} more (${imagesText(more)}), see --json`,
    summary.otherTuples.count === 0
      ? ''
      : `and ${imagesText(summary.otherTuples.count)} of further spellings that are not kept apart, see --ndjson`,
  ];
  const blocks = [
    renderTable(COLUMNS, rows, inside(style)),
    ...notes.map((note) => (note === '' ? '' : sentence(note, inside(style)))),
  ];
  return section('What the images become', blocks, style);
}

/** A line for each spelling. */
export function tuplesPart({ tuples, otherTuples }: PlanSummary): ScreenPart | null {
  if (tuples.length === 0) return null;
  const rows = tuples.map((tuple): readonly Cell[] => [
    countText(tuple.count),
    `${formatWord(tuple.diskFormat)} / ${formatWord(tuple.containerFormat)}`,
    outcomesText(tuple),
  ]);
  return {
    title: 'What the images become',
    hint: '',
    ...tableEntries(
      [
        { align: 'right', narrow: 'whole' },
        { align: 'left', narrow: 'cut' },
        { align: 'left', narrow: 'cut' },
      ],
      rows,
    ),
    beyond: otherTuples.count === 0 ? 0 : 1,
    share: 4,
    rest: '--json plan.json',
  };
}

/** `6,036 disk/qcow2, 4,939 without payload, 78 filesystem/qcow2, 2 undecided`. */
function outcomesText({ outcomes }: TupleCount): string {
  const counts = new Map<string, number>();
  for (const { classification, status, count } of outcomes) {
    const word =
      classification === null
        ? status === 'not-applicable'
          ? 'without payload'
          : 'undecided'
        : classificationText(classification);
    counts.set(word, (counts.get(word) ?? 0) + count);
  }
  const words = biggestFirst(
    [...counts].map(([word, count]) => ({ word, count })),
    ({ word }) => word,
  );
  return words.map(({ word, count }) => `${countText(count)} ${word}`).join(', ');
}

function tupleRows(tuple: TupleCount): readonly (readonly Cell[])[] {
  const outcomes = merged(tuple.outcomes);
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
  const restCount = rest.reduce((total, outcome) => total + outcome.count, 0);
  return [...rows, [countText(restCount), '', '', '', `${countText(rest.length)} more outcomes`]];
}

/** Outcomes that differ in the rule alone read the same here, so they share a line. */
function merged(outcomes: readonly OutcomeCount[]): readonly OutcomeCount[] {
  const byText = new Map<string, OutcomeCount>();
  for (const outcome of outcomes) {
    const key = `${outcome.status} ${becomes(outcome)}`;
    const known = byText.get(key);
    byText.set(key, known === undefined ? outcome : { ...known, count: known.count + outcome.count });
  }
  return [...byText.values()].sort((a, b) => b.count - a.count);
}

function becomes({ classification, candidates, imageType }: OutcomeCount): string {
  if (classification !== null) return classificationText(classification);
  if (imageType !== null) return `${imageType}/?`;
  const [best] = candidates;
  // All of them stand with the question further down.
  return best !== undefined && candidates.length > 2
    ? `${classificationText(best)} or ${candidates.length - 1} others`
    : candidatesText(candidates);
}
