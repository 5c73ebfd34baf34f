import { shellWord } from '../../words/shell-word.ts';

/**
 * The command that shows an image's whole trace, for a POSIX shell.
 *
 * @returns null for an id that cannot be typed or was cut: it holds controls (shown as escapes), begins with a dash, or is too long.
 */
export function explainCommand(id: string): string | null {
  if (id === '' || id.length > 255 || id.startsWith('-') || id.includes('\\')) return null;
  return `glance-retype explain ${shellWord(id)}`;
}
