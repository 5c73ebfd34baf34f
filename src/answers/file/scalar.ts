/** A word that every YAML reader reads as text, even inside a list in brackets. */
const PLAIN = /^[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)*$/i;
/** An instant or a day as this tool writes them. */
const TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?Z)?$/;
/** Words that some version of YAML reads as null or a boolean. */
const TAKEN = /^(?:null|true|false|yes|no|on|off|y|n)$/i;
/**
 * Characters that JSON does not escape but that can end a line, reorder it or be invisible. U+200C and U+200D are
 * kept, as on a terminal.
 */
const HIDDEN = /(?![\u0020\u200c\u200d])[\p{C}\p{Z}]/gu;

/**
 * Writes any text as a double-quoted YAML scalar on one line that reads back as exactly the same text. Control
 * characters, bidirectional and invisible characters, blanks other than U+0020 and lone surrogates become escapes, so
 * that no YAML reader, editor or terminal sees them.
 */
export function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(HIDDEN, (char) => {
    const code = (char.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}

/**
 * Writes a text as the shortest YAML that reads back as the same text: a plain word where it is unambiguous, else
 * quoted.
 */
export function scalar(text: string | null): string {
  if (text === null) return 'null';
  return (PLAIN.test(text) && !TAKEN.test(text)) || TIME.test(text) ? text : quoted(text);
}
