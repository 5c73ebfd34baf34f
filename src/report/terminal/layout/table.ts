import { safeText } from '../../words/safe-text.ts';
import { paint, type TerminalStyle, type Tone } from '../../words/style.ts';
import { cutText, padding, textWidth } from '../../words/text-width.ts';

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /**
   * On a narrow terminal `spare` columns are left out, the last first; then `cut` columns lose their ends; `whole` ones
   * are kept as long as possible.
   */
  readonly narrow: 'whole' | 'cut' | 'spare';
}

export function figures(title: string): Column {
  return { title, align: 'right', narrow: 'whole' };
}

export function whole(title: string): Column {
  return { title, align: 'left', narrow: 'whole' };
}

export function cut(title: string): Column {
  return { title, align: 'left', narrow: 'cut' };
}

/** For ids and other words that are worth nothing without their ends. */
export function spare(title: string): Column {
  return { title, align: 'left', narrow: 'spare' };
}

/** A text from anywhere (escaped here), with the tone it is painted in. */
export type Cell = string | { readonly text: string; readonly tone: Tone };

const GAP = '  ';
/** A cut column keeps at least this much before whole columns are touched. */
const CUT_MINIMUM = 8;

/**
 * A table, with a title line if any column has a title. Every row has one cell a column and is one line of at most
 * `style.width` columns without trailing blanks; no final LF.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  style: TerminalStyle,
): string {
  const titles = columns.map((column): Cell => ({ text: column.title, tone: 'bold' }));
  const head = columns.some((column) => column.title !== '') ? [titles] : [];
  const lines = [...head, ...rows].map((row) =>
    row.map((cell) =>
      typeof cell === 'string'
        ? { text: safeText(cell), tone: 'plain' as const }
        : { ...cell, text: safeText(cell.text) },
    ),
  );
  const natural = columns.map((_, index) => Math.max(0, ...lines.map((line) => textWidth(line[index]?.text ?? ''))));
  const widths = fitted(natural, columns, style.width - GAP.length * (columns.length - 1));
  return lines.map((line) => renderLine(line, columns, widths, style)).join('\n');
}

function renderLine(
  line: readonly { readonly text: string; readonly tone: Tone }[],
  columns: readonly Column[],
  widths: readonly number[],
  style: TerminalStyle,
): string {
  let text = '';
  // Written only when something follows, so that no line ends in blanks.
  let blanks = '';
  for (const [index, column] of columns.entries()) {
    const width = widths[index] ?? 0;
    if (width === 0) continue;
    const cell = line[index] ?? { text: '', tone: 'plain' };
    const shown = cutText(cell.text, width);
    const pad = padding(shown, width);
    if (column.align === 'right') blanks += pad;
    if (shown !== '') {
      text += blanks + paint(shown, cell.tone, style);
      blanks = '';
    }
    if (column.align === 'left') blanks += pad;
    blanks += GAP;
  }
  return text;
}

/** Narrows the widest column that may be cut, then the widest of all, until the line fits. */
function fitted(natural: readonly number[], columns: readonly Column[], room: number): readonly number[] {
  const widths = [...natural];
  let excess = widths.reduce((total, width) => total + width, 0) - room;
  for (const [index, { narrow }] of [...columns.entries()].toReversed()) {
    // What the columns that may be cut can give is taken first.
    if (narrow !== 'spare' || excess <= slack(widths, columns)) continue;
    excess -= (widths[index] ?? 0) + GAP.length;
    widths[index] = 0;
  }
  for (const minimum of [CUT_MINIMUM, 0]) {
    while (excess > 0) {
      const index = widest(widths, (at) => minimum === 0 || columns[at]?.narrow === 'cut', minimum);
      if (index === null) break;
      widths[index] = (widths[index] ?? 0) - 1;
      excess -= 1;
    }
  }
  return widths;
}

/** Columns of the terminal that cut columns can give. */
function slack(widths: readonly number[], columns: readonly Column[]): number {
  return columns.reduce(
    (sum, { narrow }, index) => sum + (narrow === 'cut' ? Math.max(0, (widths[index] ?? 0) - CUT_MINIMUM) : 0),
    0,
  );
}

function widest(widths: readonly number[], allowed: (index: number) => boolean, minimum: number): number | null {
  let found: number | null = null;
  for (const [index, width] of widths.entries()) {
    if (width > minimum && allowed(index) && (found === null || width > (widths[found] ?? 0))) found = index;
  }
  return found;
}
