import type { Argv } from 'yargs';

import type { ConnectionSpec } from '../../db/connection/spec.ts';
import { USUAL_FLOW_CONTROL } from '../../run/steering/flow-control.ts';
import type { WindowLimits } from '../../run/steering/window.ts';
import { shellWord } from '../../report/words/shell-word.ts';
import { durationOf } from './duration.ts';
import { type Given, GROUPS, REPEATABLE } from './kinds.ts';
import { wholeNumber } from './numbers.ts';
import { type AskedReplica, REPLICA_PASSWORD, replicaOf } from './replica.ts';
import { usageError } from './usage.ts';

/** The options that say when a command that writes batches waits, and when it ends in order. */
export function steeringOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('max-time', {
      group: GROUPS.steering,
      type: 'string',
      requiresArg: true,
      describe:
        'a maintenance window: 90s, 30m, 2h, 1h30m. When it closes, the batches under way are finished, the exit code is 3, and the same command goes on later; it counts from the start of the command, waiting included',
    })
    .option('max-batches', {
      group: GROUPS.steering,
      type: 'string',
      requiresArg: true,
      describe: 'end in order after this many batches, with exit code 3; with --shard, of this process',
    })
    .option('pause-file', {
      group: GROUPS.steering,
      type: 'string',
      requiresArg: true,
      describe: 'no batch begins while this file exists; the run goes on when it is removed',
    })
    .option('max-flow-control', {
      group: GROUPS.steering,
      type: 'string',
      requiresArg: true,
      describe: `on a Galera cluster: no batch begins while flow control holds the cluster up for more than this percentage of the time; off: not looked at (default: ${USUAL_FLOW_CONTROL})`,
    })
    .option('max-lag', {
      group: GROUPS.steering,
      type: 'string',
      requiresArg: true,
      describe:
        'no batch begins while a replica of --replica is more than this many seconds behind, or cannot be asked',
    })
    .option('replica', {
      group: GROUPS.steering,
      ...REPEATABLE,
      describe: `a replica for --max-lag: HOST, HOST:PORT or an address; repeatable. Without a user of its own it takes the user and password of the database; a password may come from ${REPLICA_PASSWORD}`,
    })
    .option('max-threads-running', {
      group: GROUPS.steering,
      type: 'string',
      requiresArg: true,
      describe:
        'no batch begins while more than this many sessions of the server run a statement, those of this command included',
    });
}

/** What the operator asked for, checked before any database is opened. */
export interface AskedSteering {
  readonly limits: WindowLimits;
  /** null: none. */
  readonly pauseFile: string | null;
  /** Percent; `usual` where nothing was said. */
  readonly maxFlowControl: number | 'usual' | 'off';
  /** Empty where no lag was named. */
  readonly replicas: readonly AskedReplica[];
  /** Seconds; null: none. */
  readonly maxLag: number | null;
  readonly maxThreadsRunning: number | null;
}

const MOST_BATCHES = 1_000_000_000;
const LONGEST_LAG_S = 86_400;
const MOST_SESSIONS = 100_000;

/**
 * @param now when the command began, milliseconds of the clock that the window is measured by.
 * @throws RetypeError USAGE, DATABASE_URL.
 */
export function askedSteering(
  given: Given<typeof steeringOptions>,
  database: ConnectionSpec,
  environment: NodeJS.ProcessEnv,
  now: number,
): AskedSteering {
  const { maxTime, maxBatches, pauseFile, maxFlowControl, maxLag, replica = [], maxThreadsRunning } = given;
  const time = maxTime === undefined ? null : durationOf('--max-time', maxTime);
  if (pauseFile === '') throw usageError('--pause-file', 'a path', 'nothing', 'name the file, or leave the option out');
  if ((maxLag === undefined) !== (replica.length === 0)) {
    const [option, missing] =
      maxLag === undefined ? ['--replica', '--max-lag SECONDS'] : ['--max-lag', '--replica HOST'];
    throw usageError(option, `${missing} beside it`, 'it alone', `add ${missing}`);
  }
  const servers = database.kind === 'sqlite' ? ['--max-lag', '--max-threads-running'] : [];
  const refused = servers.find((option) => (option === '--max-lag' ? maxLag : maxThreadsRunning) !== undefined);
  if (refused !== undefined)
    throw usageError(
      refused,
      'a database server',
      'a SQLite file, which has neither replicas nor sessions',
      `leave out ${refused}`,
    );
  return {
    limits: {
      endsAt: time === null ? null : now + time.milliseconds,
      length: time?.text ?? null,
      maxBatches: maxBatches === undefined ? null : wholeNumber('--max-batches', maxBatches, 1, MOST_BATCHES),
    },
    pauseFile: pauseFile ?? null,
    maxFlowControl: percentage(maxFlowControl),
    replicas: replica.map((address) => replicaOf(address, database, environment)),
    maxLag: maxLag === undefined ? null : durationOrSeconds(maxLag),
    maxThreadsRunning:
      maxThreadsRunning === undefined
        ? null
        : wholeNumber('--max-threads-running', maxThreadsRunning, 1, MOST_SESSIONS),
  };
}

/** Repeats the options that were given, for a command that goes on later. No password is repeated. */
export function steeringTail(given: Given<typeof steeringOptions>): string {
  const { maxTime, maxBatches, pauseFile, maxFlowControl, maxLag, replica = [], maxThreadsRunning } = given;
  const parts: readonly (readonly [string, string | undefined])[] = [
    ['--max-time', maxTime],
    ['--max-batches', maxBatches],
    ['--pause-file', pauseFile],
    ['--max-flow-control', maxFlowControl],
    ['--max-lag', maxLag],
    ...replica.map((address) => ['--replica', /[@?]/.test(address) ? 'ADDRESS' : address] as const),
    ['--max-threads-running', maxThreadsRunning],
  ];
  return parts.map(([option, value]) => (value === undefined ? '' : ` ${option} ${shellWord(value)}`)).join('');
}

function percentage(given: string | undefined): AskedSteering['maxFlowControl'] {
  if (given === undefined) return 'usual';
  const text = given.trim().replace(/ ?%$/, '');
  if (text.toLowerCase() === 'off') return 'off';
  const percent = text === '' ? Number.NaN : Number(text);
  if (percent >= 0 && percent <= 100) return percent;
  throw usageError(
    '--max-flow-control',
    'a percentage from 0 to 100, or off',
    given,
    `leave the option out for ${USUAL_FLOW_CONTROL}`,
  );
}

/** @returns seconds. */
function durationOrSeconds(given: string): number {
  const text = given.trim();
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : durationOf('--max-lag', text).milliseconds / 1000;
  if (seconds > 0 && seconds <= LONGEST_LAG_S) return seconds;
  throw usageError('--max-lag', `seconds, above 0 up to ${LONGEST_LAG_S}`, text, 'write for example --max-lag 5');
}
