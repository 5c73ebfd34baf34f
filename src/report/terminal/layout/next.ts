import { safeText } from '../../words/safe-text.ts';
import { paint, type TerminalStyle } from '../../words/style.ts';
import { textWidth } from '../../words/text-width.ts';

/** The commands to type next; each stands on a line of its own and is never broken. */
export function nextSection(next: readonly string[], style: TerminalStyle): string {
  if (next.length === 0) return '';
  return [paint('Next', 'bold', style), ...next.map((command) => `  ${safeText(command)}`)].join('\n');
}

/** The same where lines are few: a remark that would break its line is left out. */
export function nextLines(next: readonly string[], style: TerminalStyle): string {
  const kept = next.map((command) =>
    textWidth(safeText(command)) + 2 <= style.width ? command : command.replace(/ {2,}# .*$/, ''),
  );
  return nextSection(kept, style);
}
