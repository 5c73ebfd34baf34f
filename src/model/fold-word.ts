/** Cuts ASCII blanks at both ends and lower-cases A to Z; no other character changes, so no two words merge by locale. */
export function foldWord(text: string): string {
  if (!FOLDABLE.test(text)) return text;
  return text.replaceAll(/^[\t\n\v\f\r ]+|[\t\n\v\f\r ]+$/g, '').replaceAll(/[A-Z]+/g, (run) => run.toLowerCase());
}

/** Nearly every text is folded already; asking first keeps two replacements off the hot path. */
const FOLDABLE = /[A-Z\t\n\v\f\r ]/;

/** A format word as groups of images keep it: folded, blank as NULL. */
export function foldFormat(word: string | null): string | null {
  const folded = word === null ? '' : foldWord(word);
  return folded === '' ? null : folded;
}
