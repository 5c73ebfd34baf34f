import { countText } from '../../words/number-text.ts';
import { safeText } from '../../words/safe-text.ts';
import { paint, type TerminalStyle, type Tone } from '../../words/style.ts';
import { cutText, padding, textWidth, wrapProse } from '../../words/text-width.ts';
import { type Cell, type Column, renderTable } from './table.ts';

/** Blocks of a section are indented by two columns, under its title. */
const INDENT = '  ';

export function inside(style: TerminalStyle): TerminalStyle {
  return { ...style, width: Math.max(1, style.width - INDENT.length) };
}

/** A title and the blocks under it, indented; blocks are drawn with `inside(style)`. Empty blocks are left out. */
export function section(title: string, blocks: readonly string[], style: TerminalStyle): string {
  const lines = blocks.filter((block) => block !== '').flatMap((block) => block.split('\n'));
  return [
    paint(cutText(title, style.width), 'bold', style),
    ...lines.map((line) => (line === '' ? '' : INDENT + line)),
  ].join('\n');
}

/** Blocks that are not empty, with an empty line between them. */
export function parted(blocks: readonly string[]): readonly string[] {
  return blocks.filter((block) => block !== '').map((block, index) => (index === 0 ? block : `\n${block}`));
}

/** A whole page: blocks that are not empty, with an empty line between them, and LF at the end. */
export function page(blocks: readonly string[]): string {
  return `${parted(blocks).join('\n')}\n`;
}

/** Text, escaped and wrapped; `first` and `hanging` begin its first and its other lines. */
export function sentence(text: string, style: TerminalStyle, first = '', hanging = first): string {
  return wrapProse(safeText(text), style.width, first, hanging).join('\n');
}

export function painted(text: string, tone: Tone, style: TerminalStyle, first = '', hanging = first): string {
  return wrapProse(safeText(text), style.width, first, hanging)
    .map((line) => paint(line, tone, style))
    .join('\n');
}

/** The commands to type next, each on one line so that it can be copied. A remark that does not fit is left out. */
export function nextLines(next: readonly string[], style: TerminalStyle): string {
  const kept = next.map((command) =>
    textWidth(safeText(command)) + INDENT.length <= style.width ? command : command.replace(/ {2,}# .*$/, ''),
  );
  return nextSection(kept, style);
}

export function nextSection(next: readonly string[], style: TerminalStyle): string {
  if (next.length === 0) return '';
  return [paint('Next', 'bold', style), ...next.map((command) => INDENT + safeText(command))].join('\n');
}

/** A label and the text under it; unlike a table's cell the text is wrapped and never cut. */
export interface Labelled {
  readonly label: string;
  readonly text: string;
  readonly tone?: Tone;
}

const GAP = '  ';

/** `label  text` with the texts aligned and wrapped under themselves; only a single long word makes a longer line. */
export function renderLabelled(lines: readonly Labelled[], style: TerminalStyle): string {
  const width = Math.max(0, ...lines.map(({ label }) => textWidth(safeText(label))));
  const hanging = ' '.repeat(width + GAP.length);
  const within = { ...style, width: Math.max(1, style.width - hanging.length) };
  return lines
    .map(({ label, text, tone }) => {
      const shown = safeText(label);
      const first = `${shown}${padding(shown, width)}${GAP}`;
      return painted(text, tone ?? 'plain', within)
        .split('\n')
        .map((line, index) => `${index === 0 ? first : hanging}${line}`.trimEnd())
        .join('\n');
    })
    .join('\n');
}

/**
 * `key   value` lines with the values aligned, each cut to `style.width` columns; no final LF. A command is never cut:
 * `rollback` without the options at its end would undo more than was meant.
 */
export function renderKeyValues(pairs: readonly (readonly [key: string, value: Cell])[], style: TerminalStyle): string {
  const keys = pairs.map(([key]) => safeText(key));
  const keyWidth = Math.max(0, ...keys.map(textWidth));
  return pairs
    .map(([, value], index) => {
      const key = cutText(keys[index] ?? '', style.width);
      const { text, tone } = typeof value === 'string' ? { text: value, tone: 'plain' as const } : value;
      const room = text.startsWith('glance-retype ') ? Infinity : style.width - keyWidth - GAP.length;
      const shown = cutText(safeText(text), room);
      return shown === '' ? key : `${key}${padding(key, keyWidth)}${GAP}${paint(shown, tone, style)}`;
    })
    .join('\n');
}

/** The first rows of a table, and how many more the JSON document has. Without rows it is nothing. */
export function limitedTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  limit: number,
  style: TerminalStyle,
): string {
  if (rows.length === 0) return '';
  const table = renderTable(columns, rows.slice(0, limit), style);
  return rows.length > limit ? `${table}\n${moreText(rows.length - limit, style)}` : table;
}

export function moreText(count: number, style: TerminalStyle): string {
  return sentence(`and ${countText(count)} more, see --json`, style);
}
