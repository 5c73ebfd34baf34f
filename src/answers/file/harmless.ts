import { UNSAFE_CHARACTERS } from '../../model/unsafe-characters.ts';

const LONGEST = 300;

/** Text of a file for a message: cut, on one line, and nothing in it that a terminal obeys. */
export function harmless(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return short.replaceAll(UNSAFE_CHARACTERS, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}
