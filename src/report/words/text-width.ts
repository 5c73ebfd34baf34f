/** East Asian Wide and Fullwidth (UAX #11, EastAsianWidth.txt 15.1), joined over gaps of unassigned code points; no emoji. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18d08],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f2ff],
  [0x20000, 0x3fffd],
];

const PRINTABLE_ASCII = /^[\u0020-\u007e]*$/;
const EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}(?:\u200d|\ufe0f)/u;
/** Marks drawn over their base, joiners, and the vowels and tails of a Hangul syllable (drawn inside its first block). */
const ZERO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]/u;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns that the text takes on a terminal. The text is one line and has gone through `safeText`. */
export function textWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** The text itself, or as much of it as fits into `width` columns with an ellipsis as the last one. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width <= 0) return '';
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += graphemeWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Blanks up to `width` columns, before or after the text. */
export function padding(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text)));
}

function graphemeWidth(grapheme: string): number {
  if (EMOJI.test(grapheme)) return 2;
  let width = 0;
  for (const char of grapheme) {
    if (!ZERO_WIDTH.test(char)) width += isWide(char.codePointAt(0) ?? 0) ? 2 : 1;
  }
  return width;
}

function isWide(code: number): boolean {
  return code >= 0x1100 && WIDE.some(([first, last]) => code >= first && code <= last);
}
