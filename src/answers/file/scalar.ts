/** A word that every reader of YAML takes for a text, in a list in brackets too. */
const PLAIN = /^[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)*$/i;
/** An instant or a day as this tool writes them. */
const TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?Z)?$/;
/** Words that some version of YAML takes for something else. */
const TAKEN = /^(?:null|true|false|yes|no|on|off|y|n)$/i;
/** Left alone by JSON, but able to end a line, reorder it or hide in it; U+200C and U+200D are kept, as on a terminal. */
const HIDDEN = /(?![\u0020\u200c\u200d])[\p{C}\p{Z}]/gu;

/**
 * Any text as a double-quoted YAML scalar on one line. Reading it back gives exactly the same text. Controls, bidirectional and
 * invisible characters, blanks other than the plain one and lone surrogates are written as escapes, so that neither a YAML reader
 * nor an editor nor a terminal ever meets them.
 */
export function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(HIDDEN, (char) => {
    const code = (char.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}

/** A text as the shortest YAML that reads back as the same text: a plain word where nobody can mistake it, else quoted. */
export function scalar(text: string | null): string {
  if (text === null) return 'null';
  return (PLAIN.test(text) && !TAKEN.test(text)) || TIME.test(text) ? text : quoted(text);
}
