import { UNSAFE_CHARACTERS } from '../../model/unsafe-characters.ts';

/** Marks over one letter beyond what any script needs: they would cover the lines above and below. */
const PILE = /(?<=\p{M}{10})\p{M}/gu;

/** Text from a database or a file made harmless for one line of a terminal: ESC becomes the four characters `\x1b`. */
export function safeText(text: string): string {
  return /^[\u0020-\u007e]*$/.test(text) ? text : text.replace(UNSAFE_CHARACTERS, escaped).replace(PILE, escaped);
}

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\u{${code.toString(16)}}`;
}
