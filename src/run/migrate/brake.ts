import { setTimeout as sleep } from 'node:timers/promises';

import type { Database } from '../../db/database.ts';
import type { ErrorClass } from '../../db/dialect.ts';
import { serverMessage } from '../../db/driver-error.ts';
import { writePulse } from '../../journal/meta.ts';
import type { ReadContext } from '../context/context.ts';
import { createBrakeControl } from './brake-control.ts';
import { type PressureControl, READINGS_A_SECOND } from './pressure.ts';

/** Slows a run down so that it does not hold up other writers. */
export interface Brake {
  /** How many batches may be written at the same time now. @param most of so many; at least 1. */
  lanes(most: number): number;
  /**
   * Called after every batch with the time of its transaction, milliseconds; resolves when the next batch may begin.
   */
  after(milliseconds: number): Promise<void>;
}

/** A brake that never slows anything down. */
export const NO_BRAKE: Brake = {
  lanes: (most) => most,
  after: async () => Promise.resolve(),
};

/** Small writes a second: enough to see what another writer sees, too few to be a load. */
const PULSES_A_SECOND = 20;
/** A pause is reviewed this often: the share may have risen, or the operator may want to stop. */
const SLICE_MS = 100;

export interface BrakeParts extends Pick<ReadContext, 'clock' | 'stop' | 'onEvent'> {
  readonly writer: Database;
  readonly pressure: PressureControl;
  /** The time within which 99 of 100 small writes should stay, milliseconds; null: no such limit. */
  readonly maxLatency: number | null;
}

/**
 * Runs work with a brake.
 *
 * It looks for others ten times a second, and keeps to what the pressure control makes of it. With a limit it also
 * measures a small durable write twenty times a second on a connection of its own, and pauses the run so that 99 of 100
 * of these writes stay within the limit: other writers wait for the same log locks and processors.
 *
 * All of that ends with the work, however it ends.
 */
export async function withBrake<T>(parts: BrakeParts, work: (brake: Brake) => Promise<T>): Promise<T> {
  const { pressure, maxLatency, clock, stop, onEvent } = parts;
  const over = new AbortController();
  const pulse = maxLatency === null ? null : startPulse(parts, maxLatency, over.signal);
  const lookout = lookForOthers(parts, over.signal);
  let announced = false;

  const pauseAfter = (worked: number): number =>
    worked * Math.max(pressure.now().rest, pulse === null ? 0 : 1 / pulse.share() - 1);
  const brake: Brake = {
    lanes: (most) => Math.min(most, pressure.now().lanes),
    async after(milliseconds) {
      const began = performance.now();
      for (;;) {
        const late = pulse !== null && pulse.isLate();
        const left = pauseAfter(milliseconds) - (performance.now() - began);
        if (stop.requested() || (!late && left <= 0)) break;
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
  };
  try {
    return await work(brake);
  } finally {
    over.abort();
    await Promise.all([lookout, pulse?.ended]);
  }
}

/** Must never end a run: without an answer the run stays careful. */
async function lookForOthers({ writer, pressure, onEvent }: BrakeParts, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    try {
      pressure.read(await writer.readNeighbours());
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

async function pause(milliseconds: number, over: AbortSignal): Promise<void> {
  await sleep(Math.max(0, milliseconds), undefined, { signal: over }).catch(() => undefined);
}
