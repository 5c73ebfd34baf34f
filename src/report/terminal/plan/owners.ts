import type { OwnerCount, OwnerSummary, PlanReport } from '../../plan/report.ts';
import { ownersTitle, ownersNotes } from '../../words/owner-words.ts';
import { formatWord } from '../../../model/fold-word.ts';
import { countText } from '../../words/number-text.ts';
import type { TerminalStyle } from '../../words/style.ts';
import { type ScreenPart, tablePart } from '../layout/screen.ts';
import { inside, limitedTable, section, sentence } from '../layout/section.ts';
import { type Cell, figures, spare, whole } from '../layout/table.ts';

/** Owners shown; the JSON document has all that are counted apart. */
const SHOWN = 12;

/** Whom to ask: the owners of undecided images and of those that break, those with most of them first. */
export function ownersSection({ owners }: PlanReport, style: TerminalStyle): string {
  if (owners === null || owners.listed.length === 0) return '';
  const within = inside(style);
  const columns = [figures('undecided'), figures('break'), whole('owner'), spare('question'), spare('')];
  const table = limitedTable(columns, owners.listed.map(ownerCells), SHOWN, within);
  return section(ownersTitle(owners), [table, ...ownersNotes(owners).map((note) => sentence(note, within))], style);
}

/** A line for each owner. */
export function ownersPart({ owners }: PlanReport): ScreenPart | null {
  if (owners === null || owners.listed.length === 0) return null;
  const columns = [figures(''), spare(''), spare(''), whole(''), spare(''), spare('')];
  const rows = owners.listed.map((owner): readonly Cell[] => {
    const [undecided = '', breaks = '', ...rest] = ownerCells(owner);
    return [undecided, 'undecided', breaks === '' ? '' : `${breaks as string} break`, ...rest];
  });
  return tablePart(ownersTitle(owners), columns, rows, { beyond: beyond(owners), share: 3 });
}

function ownerCells({ owner, undecided, breaks, questions }: OwnerCount): readonly Cell[] {
  const [first] = questions;
  const more = questions.length - 1;
  return [
    countText(undecided),
    breaks === 0 ? '' : countText(breaks),
    owner === null ? { text: 'no owner', tone: 'dim' } : formatWord(owner),
    first === undefined ? '' : { text: first.question, tone: 'dim' },
    more > 0 ? { text: `and ${countText(more)} more`, tone: 'dim' } : '',
  ];
}

function beyond({ others }: OwnerSummary): number {
  return others.undecided + others.breaks === 0 ? 0 : 1;
}
