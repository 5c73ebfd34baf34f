/** One word of a command line as a POSIX shell reads it back. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * The command that shows an image's whole trace, for a POSIX shell.
 *
 * @returns null for an id that cannot be typed: it was cut, holds controls (shown as escapes), or begins with a dash.
 */
export function explainCommand(id: string): string | null {
  if (id === '' || id.length > 255 || id.startsWith('-') || id.includes('\\')) return null;
  return `glance-retype explain ${shellWord(id)}`;
}
