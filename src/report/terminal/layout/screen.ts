import { countText } from '../../words/number-text.ts';
import { paint, type TerminalStyle } from '../../words/style.ts';
import { cutText, textWidth } from '../../words/text-width.ts';
import { inside, section } from './section.ts';
import { type Cell, type Column, renderTable } from './table.ts';

/** A section of a screen: a title, and entries of one line each, the most important first. */
export interface ScreenPart {
  readonly title: string;
  /** One line under the title, already safe; the empty string where there is none. */
  readonly hint: string;
  readonly count: number;
  /** Further entries of which only the number is known. */
  readonly beyond: number;
  /** Draws the first `shown` entries, one line each, none of them wider than the style says. */
  readonly draw: (shown: number, style: TerminalStyle) => string;
  /** Its share of the room relative to the others; `whole`: never cut. */
  readonly share: number | 'whole';
  /** Entries that are shown even where sections below are left out for them. */
  readonly least: number;
  /** The option that shows the entries that had no room: `--json plan.json`. */
  readonly rest: string;
}

/** Lines from which there is room for empty lines between the sections. */
const ROOMY = 44;

/**
 * Fits sections between a head and a foot into a number of lines: every section gets its title, then entries by its
 * share. If even the titles do not fit, the last sections are left out.
 *
 * @param lines of the screen, including the line of the prompt
 */
export function renderScreen(
  head: string,
  parts: readonly ScreenPart[],
  foot: string,
  { lines, ...style }: TerminalStyle & { readonly lines: number },
): string {
  const gap = lines >= ROOMY ? 1 : 0;
  const room = lines - 1 - rowsOf(head, style) - rowsOf(foot, style) - 2 * gap;
  const kept = keptParts(parts, room, gap);
  const shown = entriesShown(kept, room - needOf(kept, gap));
  const drawn = kept.map((part, index) => drawPart(part, shown[index] ?? 0, style));
  return [head, ...drawn, foot].filter((text) => text !== '').join(gap === 1 ? '\n\n' : '\n');
}

/** Lines that a text takes on the terminal; a line that is too long, such as a command, takes several. */
function rowsOf(text: string, { width }: TerminalStyle): number {
  if (text === '') return 0;
  return text.split('\n').reduce((rows, line) => rows + Math.max(1, Math.ceil(textWidth(line) / width)), 0);
}

function keptParts(parts: readonly ScreenPart[], room: number, gap: number): readonly ScreenPart[] {
  let kept = parts;
  while (needOf(kept, gap) > room) {
    const last = kept.findLastIndex((part) => part.share !== 'whole');
    if (last === -1) break;
    kept = kept.toSpliced(last, 1);
  }
  return kept;
}

/** Lines that the sections need without any entry that may be cut. */
function needOf(parts: readonly ScreenPart[], gap: number): number {
  return parts.reduce(
    (need, part) => need + gap + 1 + (part.hint === '' ? 0 : 1) + leastOf(part),
    // The gaps beside head and foot are counted already.
    -gap,
  );
}

function leastOf({ share, count, least }: ScreenPart): number {
  return share === 'whole' ? count : Math.min(count, least);
}

/** Gives each free line to the section that has the least of its share so far. */
function entriesShown(parts: readonly ScreenPart[], room: number): readonly number[] {
  const shown = parts.map(leastOf);
  for (let left = room; left > 0; left -= 1) {
    const next = hungriest(parts, shown);
    if (next === null) break;
    shown[next] = (shown[next] ?? 0) + 1;
  }
  return shown;
}

function hungriest(parts: readonly ScreenPart[], shown: readonly number[]): number | null {
  let found: number | null = null;
  let least = Infinity;
  for (const [index, { share, count }] of parts.entries()) {
    const has = shown[index] ?? 0;
    if (share === 'whole' || has >= count) continue;
    const part = (has + 1) / share;
    if (part < least) {
      least = part;
      found = index;
    }
  }
  return found;
}

function drawPart(part: ScreenPart, shown: number, style: TerminalStyle): string {
  const within = inside(style);
  const hint = part.hint === '' ? '' : paint(cutText(part.hint, within.width), 'dim', style);
  const entries = shown === 0 ? '' : part.draw(shown, within);
  const note = noteOf(part, shown, style);
  const width = note === '' ? style.width : Math.max(0, style.width - textWidth(note) - 2);
  const text = section(part.title, [hint, entries], { ...style, width });
  if (note === '') return text;
  const [title = '', ...lines] = text.split('\n');
  return [`${title}  ${paint(note, 'dim', style)}`, ...lines].join('\n');
}

/** `38 more: --html report.html`, after the title; without the file's name if that would cut the title. */
function noteOf({ title, count, beyond, rest }: ScreenPart, shown: number, { width }: TerminalStyle): string {
  const more = count + beyond - shown;
  if (more <= 0) return '';
  const note = `${countText(more)} more: ${rest}`;
  const fits = textWidth(title) + 2 + textWidth(note) <= width;
  return cutText(fits ? note : note.replace(/(--\w+) .*/, '$1'), width);
}

/** A part whose entries are rows of a table. The table has no title line: the title of the part says what it shows. */
export function tablePart(
  title: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  {
    hint = '',
    beyond = 0,
    share,
    least = 0,
    rest = '--html report.html',
  }: Pick<ScreenPart, 'share'> & Partial<ScreenPart>,
): ScreenPart {
  const untitled = columns.map((column): Column => ({ ...column, title: '' }));
  const draw: ScreenPart['draw'] = (shown, style) => renderTable(untitled, rows.slice(0, shown), style);
  return { title, hint, count: rows.length, beyond, draw, share, least, rest };
}
