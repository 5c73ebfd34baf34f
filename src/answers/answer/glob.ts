/** Matches a whole text against a pattern. */
export type Glob = (text: string) => boolean;

const SURROGATE = /[\ud800-\udfff]/;

/**
 * Compiles a pattern of names: `*` is any text, `?` is one character (one or two UTF-16 units), everything else is
 * itself; upper and lower case differ. It makes no regular expression: the time is at most the length of the text
 * times the length of the longest piece between two stars.
 */
export function compileGlob(pattern: string): Glob {
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  const pieces = pattern.split('*').map((piece): readonly string[] => Array.from(piece));
  const [first = [], ...rest] = pieces;
  const last = rest.pop();
  return (text) => {
    const chars: ArrayLike<string> = SURROGATE.test(text) ? Array.from(text) : text;
    if (!matchesAt(first, chars, 0)) return false;
    if (last === undefined) return chars.length === first.length;
    const end = chars.length - last.length;
    let at = first.length;
    // The leftmost place is always enough: what fits after a later place fits after this one too.
    for (const piece of rest) {
      while (at + piece.length <= end && !matchesAt(piece, chars, at)) at += 1;
      if (at + piece.length > end) return false;
      at += piece.length;
    }
    return at <= end && matchesAt(last, chars, end);
  };
}

function matchesAt(piece: readonly string[], chars: ArrayLike<string>, at: number): boolean {
  if (at + piece.length > chars.length) return false;
  return piece.every((char, i) => char === '?' || char === chars[at + i]);
}
