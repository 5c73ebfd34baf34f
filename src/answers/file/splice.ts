/**
 * One replacement in a text, in UTF-16 code units: `text` replaces what is from `start` (inclusive) to `end`
 * (exclusive).
 */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Applies replacements that do not overlap. Several insertions at one place keep their order.
 *
 * @returns the new text, and the splices that restore the old one exactly.
 * @throws Error on an overlap, which is a bug in the caller.
 */
export function applySplices(
  text: string,
  splices: readonly Splice[],
): { readonly text: string; readonly back: readonly Splice[] } {
  const back: Splice[] = [];
  let made = '';
  let read = 0;
  for (const splice of splices.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (splice.start < read) throw new Error(`replacements overlap at ${splice.start}`);
    made += text.slice(read, splice.start);
    back.push({
      start: made.length,
      end: made.length + splice.text.length,
      text: text.slice(splice.start, splice.end),
    });
    made += splice.text;
    read = splice.end;
  }
  return { text: made + text.slice(read), back };
}
