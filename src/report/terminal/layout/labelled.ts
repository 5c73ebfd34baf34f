import { sentence } from './section.ts';
import { safeText } from '../../words/safe-text.ts';
import { paint, type TerminalStyle, type Tone } from '../../words/style.ts';
import { padding, textWidth } from '../../words/text-width.ts';

/** A label and what is said under it; unlike a table's cell the text is wrapped and never cut. */
export interface Labelled {
  readonly label: string;
  readonly text: string;
  /** Left out: plain. */
  readonly tone?: Tone;
}

const GAP = '  ';

/** `label  text` with the texts aligned and wrapped under themselves; a line is only longer than the style where one word is. */
export function renderLabelled(lines: readonly Labelled[], style: TerminalStyle): string {
  const width = Math.max(0, ...lines.map(({ label }) => textWidth(safeText(label))));
  const hanging = ' '.repeat(width + GAP.length);
  return lines
    .map(({ label, text, tone }) => {
      const shown = safeText(label);
      const first = `${shown}${padding(shown, width)}${GAP}`;
      const wrapped = sentence(text, { ...style, width: Math.max(1, style.width - hanging.length) }).split('\n');
      return wrapped
        .map((line, index) => `${index === 0 ? first : hanging}${paint(line, tone ?? 'plain', style)}`.trimEnd())
        .join('\n');
    })
    .join('\n');
}
