import type { RunEvent } from '../../model/event.ts';
import { jsonText, safeText } from '../words/safe-text.ts';
import type { LogEvent, LogFact, LogLevel, ProgressFact } from './log-event.ts';
import { logLevel, logMessage } from './log-words.ts';
import { createMeter, type Reading } from './meter.ts';
import { createProgress } from './progress.ts';

export interface LogOptions {
  /** Standard error: standard output belongs to the result. */
  readonly sink: { write(text: string): void };
  readonly format: 'text' | 'json';
  /** `quiet`: errors only. `verbose`: each phase and batch too. */
  readonly extent: 'quiet' | 'usual' | 'verbose';
  /** Columns of the terminal; null where there is none. */
  readonly columns: (() => number) | null;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** The time of day, for the stamps. */
  readonly date: () => Date;
  /** Milliseconds between two progress lines. */
  readonly every: number;
  readonly command: string | null;
  readonly pid: number;
}

/** What a command tells on standard error. */
export interface Log {
  /** Takes an event of the work. */
  event(event: RunEvent): void;
  /** Takes what only the command line knows: start, database, intent, error, end. */
  tell(fact: LogFact): void;
  /** Writes a progress line if one is due; to be called about once a second. */
  tick(): void;
  /** Writes a progress line because somebody asked. */
  ask(): void;
  /** The phase is over: its last line is written. */
  settle(): void;
  reading(): Reading;
}

/** Milliseconds until the first progress line, so that a wrong start is seen early. */
const FIRST_AFTER = 5_000;
/** See `createRate`: a line every half minute should tell of about that time. */
const MEMORY = 30_000;

const LEAST: Readonly<Record<LogOptions['extent'], readonly LogLevel[]>> = {
  quiet: ['error'],
  usual: ['info', 'warning', 'error'],
  verbose: ['debug', 'info', 'warning', 'error'],
};

/**
 * Writes the log of one command.
 *
 * On a terminal the progress is one line that is rewritten, and the log has no stamps. Elsewhere each line has one. In
 * text the log begins with the first line worth reading: a command that ends before the first progress line, with
 * nothing to tell, writes nothing beside its result or its error. JSON begins at once.
 */
export function createLog(options: LogOptions): Log {
  const { sink, format, extent, columns, now, date, every, command, pid } = options;
  const screen = format === 'text' && columns !== null ? createProgress({ sink, columns, now }) : null;
  const meter = createMeter(now, MEMORY);
  const began = now();
  let due = began + Math.min(FIRST_AFTER, every);
  let phase: 'open' | 'closed' = 'closed';
  /** Lines that say what this log is about, kept until it begins; null afterwards. */
  let heading: string[] | null = [];

  function write(fact: LogFact): void {
    const { run: runId } = meter.reading();
    const message = logMessage(fact, { command, pid, runId });
    const level = logLevel(fact);
    const asked = fact.event === 'progress' && fact.occasion === 'signal';
    if (!asked && !LEAST[extent].includes(level)) return;
    const time = date().toISOString();
    if (format === 'json') {
      const common = { time, level, event: fact.event, command, pid, run_id: runId, message };
      const event: LogEvent = { format_version: 1, ...common, ...fact };
      sink.write(`${jsonText(event)}\n`);
    } else if (screen !== null) {
      if (extent === 'verbose' || !UNSEEN.has(fact.event)) screen.say(message);
    } else {
      line(fact.event, message, `${time.slice(0, 19)}Z`);
    }
  }

  /** A line where no terminal is. */
  function line(event: LogFact['event'], message: string, stamp: string): void {
    const plain = `${message.split('\n').map(safeText).join('\n')}\n`;
    const stamped = `${stamp} ${plain}`;
    if (heading !== null && extent !== 'verbose') {
      if (HEADING.has(event)) heading.push(stamped);
      if (HEADING.has(event) || event === 'end') return;
      if (event === 'note' || event === 'warning') {
        sink.write(plain);
        return;
      }
    }
    heading?.forEach((kept) => sink.write(kept));
    heading = null;
    sink.write(event === 'intent' ? plain : stamped);
  }

  function progress(occasion: 'interval' | 'phase-end' | 'signal'): void {
    write({ event: 'progress', occasion, ...progressFact(meter.reading()) });
  }

  function settle(): void {
    const counted = phase === 'open' && meter.reading().done > 0;
    phase = 'closed';
    screen?.done();
    if (counted && (format === 'json' || heading === null)) progress('phase-end');
  }

  return {
    event(event) {
      if (event.kind === 'phase') {
        settle();
        phase = 'open';
      }
      meter.note(event);
      if (extent !== 'quiet') screen?.note(event);
      const fact = factOf(event);
      if (fact !== null) write(fact);
    },
    tell: write,
    tick() {
      if (extent !== 'quiet') screen?.tick();
      if (screen !== null || now() < due) return;
      due = now() + every;
      progress('interval');
    },
    ask: () => progress('signal'),
    settle,
    reading: () => meter.reading(),
  };
}

/** Not said on a terminal, whose line shows them or whose result says them. */
const UNSEEN: ReadonlySet<LogFact['event']> = new Set(['start', 'database', 'run', 'end']);
/** Kept until the log begins. */
const HEADING: ReadonlySet<LogFact['event']> = new Set(['start', 'database', 'run']);

function factOf(event: RunEvent): LogFact | null {
  switch (event.kind) {
    case 'phase':
      return { event: 'phase', phase: event.phase, total: event.total };
    case 'run': {
      const { shard } = event;
      return { event: 'run', state: event.state, shard: shard === null ? null : `${shard.shard}/${shard.of}` };
    }
    case 'batch': {
      const { batch, pass, rows, written, undecided } = event;
      const milliseconds = tenths(event.milliseconds);
      return { event: 'batch', batch, pass, rows, rows_written: written, undecided, milliseconds };
    }
    case 'retry':
      return { event: 'retry', attempt: event.attempt, reason: event.reason };
    case 'waiting': {
      const { reason, text, reading, limit, ageSeconds: age_seconds, waitedSeconds: waited_seconds } = event;
      return { event: 'waiting', reason, text, reading, limit, age_seconds, waited_seconds };
    }
    case 'resumed':
      return { event: 'resumed', waited_seconds: event.waitedSeconds };
    case 'stopping':
      return { event: 'stopping', cause: event.cause, text: event.text };
    case 'note':
      return { event: 'note', text: event.text };
    case 'warning':
      return { event: 'warning', text: event.text };
    case 'progress':
    case 'probe':
      return null;
  }
}

/** How far the work is, as the log and `status` show it. */
function progressFact(reading: Reading): ProgressFact {
  const { phase, done, total, rowsPerSecond, secondsLeft, looked, waiting } = reading;
  return {
    phase,
    done,
    total,
    percent: percentOf(done, total),
    rows_per_second: rowsPerSecond === null ? null : tenths(rowsPerSecond),
    seconds_left: secondsLeft === null ? null : Math.ceil(secondsLeft),
    images_looked_into: looked,
    waiting: waiting?.reason ?? null,
    waiting_text: waiting?.text ?? null,
  };
}

/** One digit after the point, cut, so that 100 means all of them; null where nothing is to be done or known. */
export function percentOf(done: number, total: number | null): number | null {
  return total === null || total === 0 ? null : Math.floor((Math.min(done, total) * 1000) / total) / 10;
}

function tenths(number: number): number {
  return Math.round(number * 10) / 10;
}
