/**
 * Characters that can deceive a terminal or a reader: controls (ESC begins a terminal command), format characters (some
 * reorder the line, some are invisible), line and paragraph separators, lone surrogates. The joiners U+200C and U+200D
 * are allowed, because Persian, Indic scripts and emoji need them.
 */
export const UNSAFE_CHARACTERS = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
