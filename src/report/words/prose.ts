import { textWidth } from './text-width.ts';

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
