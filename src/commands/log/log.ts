import { hostname } from 'node:os';

import { ERRORS, type ExitCode } from '../../model/error-codes.ts';
import { RetypeError } from '../../model/error.ts';
import type { RunEvent } from '../../model/event.ts';
import { EXIT_WORDS } from '../../report/log/exit-words.ts';
import { createLog, type Log } from '../../report/log/log.ts';
import type { LogFact } from '../../report/log/log-event.ts';
import { safeText } from '../../report/words/safe-text.ts';
import { plainSpeech, type Speech } from './speech.ts';
import { checkMetricsFile, type MetricsFile, openMetricsFile } from './metrics-file.ts';
import { answerSignal } from './process-signals.ts';
import { toolVersion } from './version.ts';

/** What came of a command, for the last line of its log. */
export interface Outcome {
  readonly result: string | null;
  /** The next command, or what to do. */
  readonly next: string | null;
  /** Undecided rows, where the command counts them only at its end. */
  readonly undecided?: number;
}

interface OpenLog {
  metrics: MetricsFile | null;
  readonly speech: Speech;
  readonly log: Log;
  readonly began: number;
  readonly timer: NodeJS.Timeout | null;
  outcome: Outcome;
  started: 'yes' | 'no';
}

/** Columns where the size of the terminal is unknown. */
const USUAL_COLUMNS = 120;
const NOTHING_KNOWN: Outcome = { result: null, next: null };

/** The log of this process: of the command that runs, or of a command line that none understands. */
let current: OpenLog = open(plainSpeech([]), null);

const METRICS_EVERY_MS = 10_000;

function open(speech: Speech, timer: NodeJS.Timeout | null): OpenLog {
  const { format, extent, command, every } = speech;
  const { stderr } = process;
  const log = createLog({
    sink: stderr,
    format,
    extent,
    // A terminal that does not know its size reports 0.
    columns: stderr.isTTY ? () => stderr.columns || USUAL_COLUMNS : null,
    now: () => performance.now(),
    date: () => new Date(),
    every,
    command,
    pid: process.pid,
  });
  return { metrics: null, speech, log, began: performance.now(), timer, outcome: NOTHING_KNOWN, started: 'no' };
}

/** Speaks as the command line asks, from before a command is known. */
export function openLog(speech: Speech): void {
  clearInterval(current.timer ?? undefined);
  const timer = setInterval(() => {
    current.log.tick();
    current.metrics?.tick(METRICS_EVERY_MS, current.log.reading());
  }, 1_000);
  timer.unref();
  current = open(speech, timer);
  answerSignal(() => current.log.ask());
  if (speech.format === 'json') speakJsonOnly();
}

let heard: 'node-too' | 'log-alone' = 'node-too';

/** Node writes its warnings, and the stack of an error that nobody catches, as text. */
function speakJsonOnly(): void {
  if (heard === 'log-alone') return;
  heard = 'log-alone';
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => say({ kind: 'warning', text: `${name}: ${message}` }));
  process.on('uncaughtException', (error) => {
    process.exit(tellFailure(error, []));
  });
}

/** How the command that runs speaks. */
export function speech(): Speech {
  return current.speech;
}

/** Tells that the command begins. @throws RetypeError OUTPUT_FILE. */
export function startLog(): void {
  current.started = 'yes';
  tell({ event: 'start', version: toolVersion(), host: hostname(), node: process.version });
  const { metrics: file, command } = current.speech;
  if (file === null) return;
  checkMetricsFile(file);
  current.metrics = openMetricsFile(file, command ?? '', (text) => say({ kind: 'warning', text }));
  current.metrics.tick(0, current.log.reading());
}

/** Takes an event of the work, or a sentence for the operator. */
export function say(event: RunEvent): void {
  current.log.event(event);
}

export function tell(fact: LogFact): void {
  if (fact.event === 'database') current.metrics?.opened(fact.database);
  current.log.tell(fact);
}

/** Writes the last line of the phase. */
export function settleLog(): void {
  current.log.settle();
}

/** Notes what came of the command, for the last line. */
export function noteOutcome(outcome: Outcome): void {
  current.outcome = outcome;
}

/**
 * Tells why a command failed, and that it has ended.
 * @param argv says how to speak where the command line was not understood.
 * @returns the exit code.
 */
export function tellFailure(error: unknown, argv: readonly string[]): ExitCode {
  if (current.started === 'no') openLog(plainSpeech(argv));
  current.log.settle();
  const code = error instanceof RetypeError ? error.code : 'INTERNAL';
  const { title, text, exit } = ERRORS[code];
  const [problem] = error instanceof RetypeError ? error.problems : [];
  noteOutcome({ result: `${code}, ${title}`, next: problem?.advice ?? null });
  const stack = error instanceof RetypeError ? null : error instanceof Error ? (error.stack ?? null) : String(error);
  if (current.speech.format === 'json') {
    const problems = error instanceof RetypeError ? error.problems : [];
    tell({ event: 'error', code, exit_code: exit, title, problems, stack });
  } else if (error instanceof RetypeError) {
    // Parts of a message may come from a file or a row; only the line breaks are ours.
    process.stderr.write(`${error.message.split('\n').map(safeText).join('\n')}\n`);
    if (process.env['GLANCE_RETYPE_DEBUG'] !== undefined && error.cause !== undefined) {
      process.stderr.write(`cause: ${error.cause instanceof Error ? error.cause.stack : typeof error.cause}\n`);
    }
  } else {
    const built = `glance-retype ${toolVersion()}, Node ${process.version}, ${process.platform}`;
    process.stderr.write(`INTERNAL: ${title}\n${text}\n${built}\n${stack}\n`);
  }
  return closeLog(exit);
}

/** Tells how the command ended; nothing is written afterwards. @returns the exit code. */
export function closeLog(code: ExitCode): ExitCode {
  clearInterval(current.timer ?? undefined);
  const { log, began, outcome, started, metrics } = current;
  log.settle();
  if (started === 'yes') {
    const reading = log.reading();
    const { rowsRead, rowsWritten } = reading;
    const undecided = outcome.undecided ?? reading.undecided;
    metrics?.end({ ...reading, undecided }, code);
    const seconds = Math.round(performance.now() - began) / 1000;
    // A command that stops in order is continued by itself.
    const next = outcome.next ?? (code === 3 ? 'run the same command again' : null);
    const sums = { rows: rowsRead, rows_written: rowsWritten, undecided };
    tell({ event: 'end', exit_code: code, meaning: EXIT_WORDS[code], seconds, ...sums, result: outcome.result, next });
  }
  return code;
}
