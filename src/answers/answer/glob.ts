/** Matches a whole text against a pattern. */
export type Glob = (text: string) => boolean;

const SURROGATE = /[\ud800-\udfff]/;

/**
 * A pattern of names: `*` is any characters, `?` is one (whatever number of UTF-16 units it takes), everything else is itself; upper
 * and lower case differ. No regular expression is made of it: the time is at most the length of the text times that of the
 * longest piece between two stars, whatever both hold.
 */
export function compileGlob(pattern: string): Glob {
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  const pieces = pattern.split('*').map((piece): readonly string[] => Array.from(piece));
  const [first = [], ...rest] = pieces;
  const last = rest.pop();
  return (text) => {
    const chars: ArrayLike<string> = SURROGATE.test(text) ? Array.from(text) : text;
    if (!standsAt(first, chars, 0)) return false;
    if (last === undefined) return chars.length === first.length;
    const end = chars.length - last.length;
    let at = first.length;
    // The leftmost place is always good enough: whatever fits behind a later one fits behind it too.
    for (const piece of rest) {
      while (at + piece.length <= end && !standsAt(piece, chars, at)) at += 1;
      if (at + piece.length > end) return false;
      at += piece.length;
    }
    return at <= end && standsAt(last, chars, end);
  };
}

function standsAt(piece: readonly string[], chars: ArrayLike<string>, at: number): boolean {
  if (at + piece.length > chars.length) return false;
  return piece.every((char, i) => char === '?' || char === chars[at + i]);
}
