import { wrapProse } from '../../words/prose.ts';
import { safeText } from '../../words/safe-text.ts';
import { paint, type TerminalStyle, type Tone } from '../../words/style.ts';
import { cutText, textWidth } from '../../words/text-width.ts';

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
