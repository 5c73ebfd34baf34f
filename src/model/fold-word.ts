/** Trims ASCII blanks and lower-cases A to Z. No other character changes, so the result does not depend on a locale. */
export function foldWord(text: string): string {
  if (!FOLDABLE.test(text)) return text;
  return text.replaceAll(/^[\t\n\v\f\r ]+|[\t\n\v\f\r ]+$/g, '').replaceAll(/[A-Z]+/g, (run) => run.toLowerCase());
}

/** Nearly every text is folded already. This test keeps two replacements off the hot path. */
const FOLDABLE = /[A-Z\t\n\v\f\r ]/;

/** A format word as questions use it: folded, and null if it is blank. */
export function foldFormat(word: string | null): string | null {
  const folded = word === null ? '' : foldWord(word);
  return folded === '' ? null : folded;
}

/** A format word as found. Quoted if it is empty, has blanks at an end, or is the word NULL. */
export function formatWord(word: string | null): string {
  if (word === null) return 'NULL';
  return word === '' || word !== word.trim() || word.toUpperCase() === 'NULL' ? `'${word}'` : word;
}
