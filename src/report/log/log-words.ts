import type { Phase } from '../../model/event.ts';
import { countText, durationText, percentText } from '../words/number-text.ts';
import type { LogFact, LogLevel, ProgressFact } from './log-event.ts';

/** Phases in words that need no knowledge of the program. */
const PHASES: Readonly<Record<Phase, string>> = {
  references: 'reading what refers to images',
  copy: 'copying tables',
  plan: 'deciding',
  migrate: 'deciding and writing',
  compare: 'comparing again',
  tail: 'looking for rows that changed meanwhile',
  verify: 'verifying',
  rollback: 'undoing',
  read: 'reading',
};

const RUN_STATES = { begins: 'begins', 'goes-on': 'goes on where it stopped', undone: 'is undone' } as const;

export interface Speaker {
  readonly command: string | null;
  readonly pid: number;
  readonly runId: number | null;
}

/** The event as one sentence; the time stands before it. */
export function logMessage(fact: LogFact, { command, pid, runId }: Speaker): string {
  switch (fact.event) {
    case 'start':
      return `glance-retype ${fact.version} ${command ?? ''} started: process ${pid} on ${fact.host}`;
    case 'database':
      return `database ${fact.database} (${fact.engine})`;
    case 'run': {
      const shard = fact.shard === null ? '' : `, shard ${fact.shard}`;
      return `run ${runId} ${RUN_STATES[fact.state]}${shard}`;
    }
    case 'intent':
      return fact.lines.join('\n');
    case 'phase':
      return `${PHASES[fact.phase]}${fact.total === null ? '' : `: ${countText(fact.total)} rows`}`;
    case 'progress':
      return progressMessage(fact);
    case 'batch':
      return `batch ${fact.batch}: ${countText(fact.rows)} rows, ${countText(fact.rows_written)} written, ${Math.round(fact.milliseconds)} ms`;
    case 'times':
      return `${fact.read_seconds} s reading, ${fact.decide_seconds} s deciding, ${fact.write_seconds} s in transactions, ${fact.wait_seconds} s waiting; these overlap`;
    case 'retry':
      return `retry ${fact.attempt}: ${fact.reason}`;
    case 'resumed':
      return `going on after ${durationText(fact.waited_seconds * 1000)} of waiting`;
    case 'waiting':
    case 'stopping':
    case 'note':
    case 'warning':
      return fact.text;
    case 'error':
      return `${fact.code}: ${fact.title}`;
    case 'end': {
      const result = fact.result === null ? '' : `: ${fact.result}`;
      const next = fact.next === null ? '' : `. Next: ${fact.next}`;
      return `${command ?? 'command'} ended with exit code ${fact.exit_code} (${fact.meaning}) after ${durationText(fact.seconds * 1000)}${result}${next}`;
    }
  }
}

function progressMessage({ phase, done, total, rows_per_second, seconds_left, ...rest }: ProgressFact): string {
  if (phase === null) return ['not reading rows yet', ...waitingText(rest)].join(', ');
  const rows = total === null ? `${countText(done)} rows` : `${countText(done)} of ${countText(total)} rows`;
  return [
    `${PHASES[phase]}: ${rows}`,
    ...(total === null || total === 0 ? [] : [percentText(Math.min(done, total), total)]),
    ...(rows_per_second === null ? [] : [`${countText(Math.round(rows_per_second))} rows/s`]),
    ...(seconds_left === null ? [] : [`${durationText(seconds_left * 1000)} left`]),
    ...(rest.images_looked_into === null ? [] : [`${countText(rest.images_looked_into)} images looked into`]),
    ...waitingText(rest),
  ].join(', ');
}

function waitingText({ waiting_text }: Pick<ProgressFact, 'waiting_text'>): readonly string[] {
  return waiting_text === null ? [] : [waiting_text];
}

/** How much an event matters. */
export function logLevel(fact: LogFact): LogLevel {
  if (fact.event === 'end') return fact.exit_code === 0 ? 'info' : STOPS.has(fact.exit_code) ? 'warning' : 'error';
  return LEVELS[fact.event] ?? 'info';
}

const LEVELS: Readonly<Partial<Record<LogFact['event'], LogLevel>>> = {
  phase: 'debug',
  batch: 'debug',
  times: 'debug',
  warning: 'warning',
  error: 'error',
};

/** Exit codes of a command that did its work as far as it could: stopped, undecided rows, a difference. */
const STOPS: ReadonlySet<number> = new Set([3, 4, 7]);
