import { wrapProse } from '../../words/prose.ts';
import { safeText } from '../../words/safe-text.ts';
import { paint, type TerminalStyle } from '../../words/style.ts';
import { cutText } from '../../words/text-width.ts';

/** Blocks of a section stand two columns in, under its title. */
const INDENT = '  ';

/** The style for what stands inside a section. */
export function inside(style: TerminalStyle): TerminalStyle {
  return { ...style, width: Math.max(1, style.width - INDENT.length) };
}

/** A title and the blocks under it, indented; blocks are drawn with `inside(style)`. */
export function section(title: string, blocks: readonly string[], style: TerminalStyle): string {
  const lines = blocks.filter((block) => block !== '').flatMap((block) => block.split('\n'));
  return [
    paint(cutText(title, style.width), 'bold', style),
    ...lines.map((line) => (line === '' ? '' : INDENT + line)),
  ].join('\n');
}

/** A sentence from anywhere, escaped and broken into lines; `first` and `hanging` begin its first and its other lines. */
export function sentence(text: string, style: TerminalStyle, first = '', hanging = first): string {
  return wrapProse(safeText(text), style.width, first, hanging).join('\n');
}
