import { safeText } from '../../words/safe-text.ts';
import { paint, type TerminalStyle, type Tone } from '../../words/style.ts';
import { cutText, padding, textWidth } from '../../words/text-width.ts';
import { painted } from './section.ts';
import type { Cell } from './table.ts';

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

/** `key   value` lines with the values aligned, each cut to `style.width` columns; no final LF. */
export function renderKeyValues(pairs: readonly (readonly [key: string, value: Cell])[], style: TerminalStyle): string {
  const keys = pairs.map(([key]) => safeText(key));
  const keyWidth = Math.max(0, ...keys.map(textWidth));
  return pairs
    .map(([, value], index) => {
      const key = cutText(keys[index] ?? '', style.width);
      const { text, tone } = typeof value === 'string' ? { text: value, tone: 'plain' as const } : value;
      const shown = cutText(safeText(text), style.width - keyWidth - GAP.length);
      return shown === '' ? key : `${key}${padding(key, keyWidth)}${GAP}${paint(shown, tone, style)}`;
    })
    .join('\n');
}
