/**
 * The number of letters to add, take away, replace or swap with their neighbour to make one word of the other
 * (Damerau and Levenshtein, each pair swapped at most once).
 */
export function typingDistance(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= one.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1] ? 0 : 1;
      const above = rows[row - 1] ?? [];
      let least = Math.min((above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1, (above[column - 1] ?? 0) + same);
      if (one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1])
        least = Math.min(least, (rows[row - 2]?.[column - 2] ?? 0) + 1);
      line.push(least);
    }
    rows.push(line);
  }
  return rows[one.length]?.[other.length] ?? 0;
}

/** Letters that may be wrong in a word of that length. A short word is soon another one. */
function mostWrong(length: number): number {
  if (length <= 3) return 0;
  return length <= 5 ? 1 : Math.min(3, Math.floor(length / 3));
}

/** The words that somebody who typed this may have meant, the nearest first; only those that are equally near. */
export function nearest(typed: string, words: Iterable<string>): readonly string[] {
  const plain = plainly(typed);
  let best = mostWrong(plain.length);
  let found: string[] = [];
  for (const word of words) {
    const distance = typingDistance(plain, plainly(word));
    if (distance > best) continue;
    if (distance < best) found = [];
    best = distance;
    found.push(word);
  }
  return found;
}

/** A word without what people leave out or mix up: upper case, hyphens, underscores. */
export function plainly(word: string): string {
  return word.toLowerCase().replaceAll(/[-_\s]/gu, '');
}
