import type { WaitReason } from '../../model/event.ts';
import type { ExitCode } from '../../model/error-codes.ts';
import { percentOf } from './log.ts';
import type { Reading } from './meter.ts';

/** What the metrics of one command say. Times are seconds since 1970. */
export interface MetricsState {
  readonly command: string;
  readonly version: string;
  readonly host: string;
  readonly pid: number;
  /** null until it is open. */
  readonly database: string | null;
  readonly reading: Reading;
  readonly startedAt: number;
  readonly now: number;
  /** null while the command runs. */
  readonly exitCode: ExitCode | null;
  /** When the command last ended with exit code 0, also an earlier one that wrote the same file; null for never. */
  readonly lastSuccess: number | null;
}

interface Metric {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  /** A null leaves the sample out: there is nothing to say. */
  readonly samples: readonly (readonly [labels: Labels, value: number | null])[];
}

type Labels = Readonly<Record<string, string>>;

const PREFIX = 'glance_retype_';
const LAST_SUCCESS = `${PREFIX}last_success_timestamp_seconds`;
const REASONS = [
  'pause-file',
  'flow-control',
  'replica-lag',
  'threads-running',
  'database',
  'lease',
] as const satisfies readonly WaitReason[];

/** The state in the text format of Prometheus, version 0.0.4, for the textfile collector of node_exporter. */
export function metricsText(state: MetricsState): string {
  return metricsOf(state)
    .filter(({ samples }) => samples.some(([, value]) => value !== null))
    .map(
      ({ name, type, help, samples }) =>
        `# HELP ${PREFIX}${name} ${help}\n# TYPE ${PREFIX}${name} ${type}\n${samples
          .flatMap(([labels, value]) => (value === null ? [] : [`${PREFIX}${name}${labelsText(labels)} ${value}\n`]))
          .join('')}`,
    )
    .join('');
}

/** Finds the last success in a file that `metricsText` made; null where there is none. */
export function lastSuccessIn(text: string): number | null {
  const line = text.split('\n').find((found) => found.startsWith(`${LAST_SUCCESS}{`));
  const value = Number(line?.slice(line.lastIndexOf(' ') + 1));
  return line === undefined || !Number.isFinite(value) ? null : value;
}

function metricsOf(state: MetricsState): readonly Metric[] {
  const { command, reading, exitCode } = state;
  const shard = reading.shard === null ? {} : { shard: `${reading.shard.shard}/${reading.shard.of}` };
  // Without the run, so that an alert finds the same series the next time.
  const steady: Labels = { command, ...shard };
  const run = reading.run === null ? {} : { run: String(reading.run) };
  const labels: Labels = { ...steady, ...run };
  const { version, host, pid, database } = state;
  const about: Labels = { ...labels, version, host, pid: String(pid), database: database ?? '' };
  const { total, done, waiting } = reading;
  const one = (
    type: Metric['type'],
    name: string,
    help: string,
    value: number | null,
    labelled: Labels = labels,
  ): Metric => ({ name, type, help, samples: [[labelled, value]] });
  return [
    one('gauge', 'info', 'The command that writes this file; the value is always 1.', 1, about),
    one('gauge', 'running', '1 while the command works, 0 after its end.', exitCode === null ? 1 : 0, steady),
    one('gauge', 'start_timestamp_seconds', 'When the command began.', state.startedAt, steady),
    one('gauge', 'update_timestamp_seconds', 'When this file was written.', state.now, steady),
    one('gauge', 'exit_code', 'Exit code of the command; absent while it works.', exitCode, steady),
    one(
      'gauge',
      'last_success_timestamp_seconds',
      'When the command last ended with exit code 0.',
      state.lastSuccess,
      steady,
    ),
    one('counter', 'rows_read_total', 'Rows read by this command, in all passes.', reading.rowsRead),
    one('counter', 'rows_written_total', 'Rows written, or undone, by this command.', reading.rowsWritten),
    one('counter', 'rows_undecided_total', 'Rows that this command left undecided.', reading.undecided),
    one('counter', 'batches_total', 'Batches that this command committed.', reading.batches),
    one('counter', 'retries_total', 'Transactions that were rolled back and tried again.', reading.retries),
    one('gauge', 'phase_rows', 'Rows of the present phase.', total),
    one('gauge', 'phase_rows_done', 'Rows of the present phase that are done.', done),
    one('gauge', 'progress_percent', 'Share of the present phase that is done.', percentOf(done, total)),
    one(
      'gauge',
      'rows_per_second',
      'Rows done in a second, of about the last half minute.',
      exitCode === null ? reading.rowsPerSecond : null,
    ),
    one(
      'gauge',
      'seconds_left',
      'Time left of the present phase; absent while unknown.',
      exitCode === null ? reading.secondsLeft : null,
    ),
    {
      name: 'waiting',
      type: 'gauge',
      help: '1 for what the command waits for, 0 otherwise.',
      samples: REASONS.map((reason) => [{ ...labels, reason }, waiting?.reason === reason ? 1 : 0]),
    },
    one('counter', 'waiting_seconds_total', 'Time that the command stood still on purpose.', reading.secondsWaited),
    one(
      'gauge',
      'wait_reading',
      'What is waited for, as last read: percent, seconds or sessions.',
      waiting?.reading ?? null,
      { ...labels, reason: waiting?.reason ?? '' },
    ),
    one('gauge', 'wait_limit', 'The limit of that reading.', waiting?.limit ?? null, {
      ...labels,
      reason: waiting?.reason ?? '',
    }),
  ];
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return `{${pairs.join(',')}}`;
}

/** As the format asks for: backslash, double quote and line feed. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
