import type { Database } from '../../db/database.ts';
import { openDatabase } from '../../db/engines/open.ts';
import type { StopCause } from '../../model/event.ts';
import { percentText } from '../../report/words/number-text.ts';
import type { BrakeParts } from '../../run/steering/brake.ts';
import { flowControl, USUAL_FLOW_CONTROL } from '../../run/steering/flow-control.ts';
import { createHeart, replicaLag } from '../../run/steering/replica-lag.ts';
import { threadsRunning } from '../../run/steering/threads-running.ts';
import type { Throttle } from '../../run/steering/throttle.ts';
import { openWindow, type Window, type WindowLimits, windowText } from '../../run/steering/window.ts';
import type { AskedSteering } from '../options/steering.ts';
import { usageError } from '../options/usage.ts';
import type { Attendance } from './attendance.ts';

/** What a run waits for, and the connections to replicas, until the caller's scope ends. */
export interface Steering extends AsyncDisposable {
  readonly conditions: Pick<BrakeParts, 'throttles' | 'pauseFile'>;
  /** For the question before writing; empty where nothing was set. */
  readonly lines: readonly string[];
}

/** @throws RetypeError USAGE for a condition that this server does not have. Connects to no replica yet. */
export function openSteering(asked: AskedSteering, writer: Database): Steering {
  const { maxFlowControl, maxThreadsRunning, maxLag, replicas, pauseFile } = asked;
  const opened: Database[] = [];
  const throttles: (Throttle | null)[] = [];
  if (maxFlowControl !== 'off') {
    const throttle = flowControl(writer, maxFlowControl === 'usual' ? USUAL_FLOW_CONTROL : maxFlowControl);
    if (throttle === null && maxFlowControl !== 'usual')
      throw notThere('--max-flow-control', 'a Galera cluster', writer);
    throttles.push(throttle);
  }
  if (maxThreadsRunning !== null) throttles.push(threadsRunning(writer, maxThreadsRunning));
  if (maxLag !== null) {
    const heart = createHeart(writer);
    for (const { name, spec } of replicas) {
      const open = async (): Promise<Database> => {
        const replica = await openDatabase(spec, 'read-only');
        opened.push(replica);
        return replica;
      };
      throttles.push(replicaLag({ name, open, heart, limit: maxLag }));
    }
  }
  const present = throttles.filter((throttle) => throttle !== null);
  return {
    conditions: { throttles: present, pauseFile },
    lines: linesOf(asked, present),
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map(async (replica) => replica.close().catch(() => undefined)));
    },
  };
}

function notThere(option: string, expected: string, writer: Database): Error {
  return usageError(option, expected, writer.dialect.serverVersion, `leave out ${option}`);
}

function linesOf({ limits, pauseFile }: AskedSteering, throttles: readonly Throttle[]): readonly string[] {
  const { length, maxBatches } = limits;
  const ends = [
    ...(length === null ? [] : [`${length} after it began`]),
    ...(maxBatches === null ? [] : [`after ${maxBatches} ${maxBatches === 1 ? 'batch' : 'batches'}`]),
  ];
  const waits = [
    ...(pauseFile === null ? [] : [`${pauseFile} exists`]),
    ...throttles.map(({ subject, text, limit }) => `${subject} is above ${text(limit)} or unknown`),
  ];
  return [
    ...(ends.length === 0 ? [] : [`It ends in order ${ends.join(', or ')}; the same command goes on.`]),
    ...waits.map((wait) => `No batch begins while ${wait}.`),
  ];
}

/** The window of a command whose signals and events an attendance has. */
export function windowOf({ limits }: AskedSteering, { stop, progress }: Attendance): Window {
  return openWindow({ limits, signals: stop, onEvent: progress, now: () => performance.now() });
}

/**
 * The last word of a command that ended before its work was complete: `the window of 2h is over; 41.3 % done; run the
 * same command again`.
 *
 * @param rows what is done of the work; null where none had begun.
 */
export function endedText(
  limits: WindowLimits,
  cause: StopCause | null,
  rows: { readonly done: number; readonly total: number } | null,
): string {
  const why = cause === 'max-time' || cause === 'max-batches' ? windowText(limits, cause) : 'stopped by a signal';
  const last = rows !== null && rows.done === rows.total ? ', but not the last steps' : '';
  const done = rows === null ? 'nothing was written' : `${percentText(rows.done, rows.total)} done${last}`;
  return `${why}; ${done}; run the same command again`;
}
