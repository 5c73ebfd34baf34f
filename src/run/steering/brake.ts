import { setTimeout as sleep } from 'node:timers/promises';

import type { Database } from '../../db/database.ts';
import type { ErrorClass } from '../../db/dialect.ts';
import { serverMessage } from '../../db/driver-error.ts';
import { writePulse } from '../../journal/meta.ts';
import type { StopCause } from '../../model/event.ts';
import type { ReadContext } from '../context/context.ts';
import { createBrakeControl } from './brake-control.ts';
import { watchPauseFile } from './pause-file.ts';
import { type PressureControl, READINGS_A_SECOND } from './pressure.ts';
import { type Hold, pause, type Sampler, startSampler, type Throttle } from './throttle.ts';
import type { BatchKind, Window } from './window.ts';

export type { BatchKind };

/** Decides when a batch may begin, and how many at a time. */
export interface Brake {
  /** How many batches may be written at the same time now. @param most of so many; at least 1. */
  lanes(most: number): number;
  /**
   * Called before every batch, outside any transaction. Waits while a pause file exists or a throttle is above its
   * limit.
   *
   * @returns `end` where the batch must not begin any more: the window is over, or a stop was asked for while waiting.
   */
  before(batch: BatchKind): Promise<'begin' | 'end'>;
  /** Called after every batch with the time of its transaction, milliseconds. Waits as long as others need. */
  after(milliseconds: number): Promise<void>;
  /** Why the run was ended before it was complete. */
  stoppedBy(): StopCause;
}

/** A brake that never slows anything down. */
export const NO_BRAKE: Brake = {
  lanes: (most) => most,
  before: async () => Promise.resolve('begin'),
  after: async () => Promise.resolve(),
  stoppedBy: () => 'signal',
};

/** Small writes a second: enough to see what another writer sees, too few to be a load. */
const PULSES_A_SECOND = 20;
/** A pause is reviewed this often: the share may have risen, or the operator may want to stop. */
const SLICE_MS = 100;

/** While no batch may begin, the conditions are looked at this often. */
const LOOK_MS = 500;
/** How long the last readings of the throttles may take. */
const LAST_READING_MS = 2_000;
/** The operator is told again after this long what a run waits for. */
const TELL_MS = 30_000;
/** A condition that is met so soon is not worth a word: a throttle needs a moment for its first reading. */
const QUIET_MS = 2_000;

export interface BrakeParts extends Pick<ReadContext, 'clock' | 'onEvent'> {
  readonly writer: Database;
  readonly window: Window;
  /** null: no such file is looked for. */
  readonly pauseFile: string | null;
  readonly throttles: readonly Throttle[];
  readonly pressure: PressureControl;
  /** The time within which 99 of 100 small writes should stay, milliseconds; null: no such limit. */
  readonly maxLatency: number | null;
}

/**
 * Runs work with a brake.
 *
 * It looks for others ten times a second, and keeps to what the pressure control makes of it. With a limit it also
 * measures a small durable write twenty times a second on a connection of its own, and pauses the run so that 99 of 100
 * of these writes stay within the limit: other writers wait for the same log locks and processors. What the operator
 * set as conditions for a batch is looked at before each one; throttles are measured once a second.
 *
 * All of that ends with the work, however it ends.
 */
export async function withBrake<T>(parts: BrakeParts, work: (brake: Brake) => Promise<T>): Promise<T> {
  const { pressure, maxLatency, clock, window, onEvent } = parts;
  const over = new AbortController();
  const pulse = maxLatency === null ? null : startPulse(parts, maxLatency, over.signal);
  const lookout = lookForOthers(parts, over.signal);
  const sampler = startSampler(parts.throttles, over.signal);
  const untilFree = waitForConditions(parts, sampler);
  let announced = false;

  const pauseAfter = (worked: number): number =>
    worked * Math.max(pressure.now().rest, pulse === null ? 0 : 1 / pulse.share() - 1);
  const brake: Brake = {
    lanes: (most) => Math.min(most, pressure.now().lanes),
    async before(batch) {
      if (window.cause() === 'max-time' || (await untilFree()) === 'stop') return 'end';
      return window.takeBatch(batch) === 'over' ? 'end' : 'begin';
    },
    async after(milliseconds) {
      window.took(milliseconds);
      const began = performance.now();
      for (;;) {
        const late = pulse !== null && pulse.isLate();
        const left = pauseAfter(milliseconds) - (performance.now() - began);
        if (window.requested() || (!late && left <= 0)) break;
        if (!announced && maxLatency !== null) {
          announced = true;
          onEvent({
            kind: 'note',
            text: `pausing between batches, so that others' writes stay within ${maxLatency} ms`,
          });
        }
        await sleep(Math.min(SLICE_MS, Math.max(1, left)));
      }
      clock.add('wait', performance.now() - began);
    },
    stoppedBy: () => window.cause() ?? 'signal',
  };
  try {
    return await work(brake);
  } finally {
    over.abort();
    // A server that does not answer any more must not keep the run from ending.
    const patience = sleep(LAST_READING_MS, undefined, { ref: false });
    await Promise.all([lookout, pulse?.ended, Promise.race([sampler.ended, patience])]);
  }
}

/**
 * Makes the function that resolves once no condition keeps a batch from beginning, or a stop was asked for meanwhile.
 * Several lanes wait side by side; the operator is told once.
 */
function waitForConditions(
  { pauseFile, window, clock, onEvent }: Pick<BrakeParts, 'pauseFile' | 'window' | 'clock' | 'onEvent'>,
  sampler: Sampler,
): () => Promise<'go' | 'stop'> {
  const file = watchPauseFile(pauseFile);
  let waiting: { readonly since: number; key: string; toldAt: number } | null = null;
  const note = (hold: Hold): void => {
    const now = performance.now();
    waiting ??= { since: now, key: '', toldAt: Number.NEGATIVE_INFINITY };
    if (hold.reading === null && hold.limit !== null && now - waiting.since < QUIET_MS) return;
    if (waiting.key === hold.key && now - waiting.toldAt < TELL_MS) return;
    waiting.key = hold.key;
    waiting.toldAt = now;
    const { reason, text, reading, limit, ageMs } = hold;
    const ageSeconds = ageMs === null ? null : ageMs / 1000;
    const waitedSeconds = (now - waiting.since) / 1000;
    onEvent({ kind: 'waiting', reason, text, reading, limit, ageSeconds, waitedSeconds });
  };
  const goOn = (): void => {
    if (waiting === null) return;
    const { since, key } = waiting;
    waiting = null;
    if (key !== '') onEvent({ kind: 'resumed', waitedSeconds: (performance.now() - since) / 1000 });
  };
  return async () => {
    const began = performance.now();
    try {
      for (;;) {
        const hold = (await file.hold()) ?? sampler.hold();
        if (hold === null) {
          goOn();
          return 'go';
        }
        note(hold);
        if (window.requested()) return 'stop';
        await sleep(LOOK_MS);
      }
    } finally {
      clock.add('wait', performance.now() - began);
    }
  };
}

/** Must never end a run: without an answer the run stays careful. */
async function lookForOthers({ writer, pressure, onEvent }: BrakeParts, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    try {
      pressure.read(await writer.observe(writer.dialect.readNeighbours));
    } catch (error) {
      pressure.read(null);
      const kind = writer.dialect.classify(error);
      if (!PASSING.has(kind)) {
        onEvent({
          kind: 'note',
          text: `cannot see whether others write, so batches stay small: ${serverMessage(error)}`,
        });
        return;
      }
    }
    await pause(1000 / READINGS_A_SECOND, over);
  }
}

/** Failures that say nothing about the question itself. On SQLite a conflict is a neighbour. */
const PASSING: ReadonlySet<ErrorClass> = new Set<ErrorClass>(['conflict', 'connection-lost', 'unreachable']);

interface Pulse {
  /** The share of the time that may be worked, above 0 up to 1. */
  share(): number;
  /** Whether the write under way takes longer than the limit: it says more than those that returned. */
  isLate(): boolean;
  readonly ended: Promise<void>;
}

function startPulse({ writer }: BrakeParts, limit: number, over: AbortSignal): Pulse {
  const control = createBrakeControl(limit);
  let under: number | null = null;
  const beat = async (): Promise<void> => {
    while (!over.aborted) {
      const began = performance.now();
      under = began;
      try {
        await writePulse(writer);
        control.wrote(performance.now() - began);
      } catch {
        // Another writer fails or waits now as well.
        control.wrote(limit * 2);
      }
      under = null;
      await pause(1000 / PULSES_A_SECOND - (performance.now() - began), over);
    }
  };
  return {
    share: () => control.share(),
    isLate: () => under !== null && performance.now() - under > limit,
    ended: beat(),
  };
}
