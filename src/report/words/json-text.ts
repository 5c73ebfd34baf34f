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
