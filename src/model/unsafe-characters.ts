/**
 * What a terminal or a reader's eye could be tricked by: controls (an ESC begins a command to the terminal), format characters
 * (bidirectional controls reorder the line, invisible ones hide in it), line and paragraph separators, lone surrogates. Kept:
 * the joiners U+200C and U+200D, which Persian, Indic scripts and emoji need.
 */
export const UNSAFE_CHARACTERS = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
