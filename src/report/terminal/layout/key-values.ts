import type { Cell } from './table.ts';
import { safeText } from '../../words/safe-text.ts';
import { paint, type TerminalStyle } from '../../words/style.ts';
import { cutText, padding, textWidth } from '../../words/text-width.ts';

/**
 * `key   value` lines with the values aligned; each pair is one line of at most `style.width` columns.
 *
 * @returns lines joined by LF, without a final one
 */
export function renderKeyValues(pairs: readonly (readonly [key: string, value: Cell])[], style: TerminalStyle): string {
  const keys = pairs.map(([key]) => safeText(key));
  const keyWidth = Math.max(0, ...keys.map(textWidth));
  return pairs
    .map(([, value], index) => {
      const key = cutText(keys[index] ?? '', style.width);
      const { text, tone } = typeof value === 'string' ? { text: value, tone: 'plain' as const } : value;
      const shown = cutText(safeText(text), style.width - keyWidth - 2);
      return shown === '' ? key : `${key}${padding(key, keyWidth)}  ${paint(shown, tone, style)}`;
    })
    .join('\n');
}
