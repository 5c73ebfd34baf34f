/** How a command speaks. */
export interface Speech {
  /** What standard error holds. */
  readonly format: 'text' | 'json';
  /** `quiet`: errors only. `verbose`: each phase and batch too. */
  readonly extent: 'quiet' | 'usual' | 'verbose';
  readonly colour: 'where-possible' | 'never';
  /** Milliseconds between two progress lines. */
  readonly every: number;
  /** null while none is known. */
  readonly command: string | null;
  /** The file of --metrics-file; null for none. */
  readonly metrics: string | null;
}

/** Seconds between two progress lines, unless the command line says otherwise. */
export const USUAL_SECONDS = 30;

/** How to speak of a command line that was not understood, so that a program that reads JSON is told of it in JSON. */
export function plainSpeech(argv: readonly string[]): Speech {
  const line = argv.join(' ');
  const format = /(?:^| )--log-format[ =]json(?: |$)/u.test(line) ? 'json' : 'text';
  return {
    format,
    extent: 'usual',
    colour: 'where-possible',
    every: USUAL_SECONDS * 1_000,
    command: null,
    metrics: null,
  };
}
