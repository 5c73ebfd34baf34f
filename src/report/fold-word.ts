/**
 * A format word as the decision reads it: trimmed, lower-cased, the empty string as NULL.
 *
 * Only groups questions; the decision itself was made on the rules' own reading.
 */
export function foldWord(word: string | null): string | null {
  if (word === null) return null;
  const folded = word.trim().toLowerCase();
  return folded === '' ? null : folded;
}
