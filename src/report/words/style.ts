export interface TerminalStyle {
  /** Columns; no table line is longer. */
  readonly width: number;
  /** `plain` writes no escape sequence at all. */
  readonly colour: 'ansi' | 'plain';
}

/** How a text is drawn that must fit on one screen. */
export interface ScreenStyle extends TerminalStyle {
  /** Lines of the terminal; null where there is none: then nothing is left out for want of room. */
  readonly rows: number | null;
}

export type Tone = 'plain' | 'bold' | 'dim' | 'good' | 'warn' | 'bad';

/** Select Graphic Rendition (ECMA-48, 8.3.117). */
const CODES = { bold: '1', dim: '2', good: '32', warn: '33', bad: '31' } as const;

/** Colours a text that is already safe to print. Adds no columns. */
export function paint(text: string, tone: Tone, { colour }: Pick<TerminalStyle, 'colour'>): string {
  return colour === 'plain' || tone === 'plain' || text === '' ? text : `\u001B[${CODES[tone]}m${text}\u001B[0m`;
}
