import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns that one line takes on a terminal: wide characters and emoji take two, marks, controls and colours none. */
export function textWidth(text: string): number {
  return stringWidth(text);
}

/**
 * The text, or as many of its words as fit into `width` columns with an ellipsis at the end. Only the first word, and
 * one that is longer than that by itself, is cut. It holds no colours.
 */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width <= 0) return '';
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += textWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  const [cutWord = ''] = text.slice(kept.lastIndexOf(' ') + 1).split(' ', 1);
  // A word that no line could hold is shown as far as it goes.
  const cutsInside = textWidth(cutWord) > width;
  const words =
    cutsInside || text.startsWith(' ', kept.length) ? kept : kept.slice(0, Math.max(0, kept.lastIndexOf(' ')));
  return `${words.trim() === '' ? kept : words.trimEnd()}…`;
}

/** Blanks up to `width` columns, before or after the text. */
export function padding(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text)));
}

/**
 * Wraps a sentence at blanks into lines of at most `width` columns. A longer word stays whole, so that ids and commands
 * can be copied. The first line begins with `first`, the others with `hanging`.
 */
export function wrapProse(text: string, width: number, first = '', hanging = first): readonly string[] {
  const lines: string[] = [];
  let line: string | null = null;
  for (const word of text.split(' ')) {
    if (line !== null && textWidth(line) + 1 + textWidth(word) <= width) {
      line += ` ${word}`;
      continue;
    }
    if (line !== null) lines.push(line);
    line = (line === null ? first : hanging) + word;
  }
  return line === null ? lines : [...lines, line];
}
