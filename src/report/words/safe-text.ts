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

/**
 * Characters that JSON allows in a string but that are unsafe elsewhere: DEL and the C1 controls (a terminal obeys
 * them), bidirectional controls (they reorder text), U+0085, U+2028 and U+2029 (line ends to many readers of NDJSON),
 * BOM.
 */
const UNSAFE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** The value as JSON on one line; parses back to exactly the same text, lone surrogates included. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, jsonEscape);
}

/** A character as an escape of JSON; two of them where it takes two units of UTF-16. */
export function jsonEscape(char: string): string {
  return char.split('').reduce((all, unit) => `${all}\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`, '');
}
