import { openFileSink } from '../../report/output/sinks.ts';
import { jsonText } from '../../report/words/safe-text.ts';
import type { ScreenStyle } from '../../report/words/style.ts';
import { speech } from '../log/log.ts';

/** Columns where the output is not a terminal: wide enough for every table. */
const PIPE_WIDTH = 120;

/**
 * Says how text for people is drawn on a stream: with colours on a terminal, without them with --no-color, NO_COLOR or
 * in a pipe; one screen on a terminal, everything in a pipe.
 */
export function styleOf(stream: NodeJS.WriteStream): ScreenStyle {
  const wanted = speech().colour === 'where-possible';
  const colour = wanted && stream.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';
  return {
    // A terminal that does not know its size reports 0.
    width: Math.max(40, (stream.isTTY && stream.columns) || PIPE_WIDTH),
    rows: (stream.isTTY && stream.rows) || null,
    colour: colour ? 'ansi' : 'plain',
  };
}

/**
 * Prints a text for people on one of the streams: on standard error where a machine reads standard output. A log of
 * JSON lines does without it, since the machine has the same facts.
 */
export async function printOn(
  stream: 'stdout' | 'stderr',
  text: (style: ReturnType<typeof styleOf>) => string,
): Promise<void> {
  if (stream === 'stderr' && speech().format === 'json') return;
  const drawn = text(styleOf(process[stream]));
  if (stream === 'stdout') await print(drawn);
  else process.stderr.write(drawn);
}

/**
 * Writes to standard output and waits until the text is accepted, so that an exit does not truncate a long report in
 * a pipe.
 */
export async function print(text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error === null || error === undefined || (error as NodeJS.ErrnoException).code === 'EPIPE') {
        resolve();
      } else {
        reject(error);
      }
    });
  });
}

/**
 * Writes the result of a command to the file of --json, if there is one.
 * @param file a path, or `-` for standard output.
 * @throws RetypeError OUTPUT_FILE.
 */
export async function writeJson(file: string | undefined, record: () => unknown): Promise<void> {
  if (file === undefined) return;
  const sink = await openFileSink({ option: '--json', file, stdout: process.stdout });
  await sink.write(`${jsonText(record())}\n`);
  await sink.end();
}

/** What a command says when a signal has ended its change of the schema. @param command with its options. */
export function stoppedText(command: string): string {
  return `Stopped; continue with: glance-retype ${command}\n`;
}
