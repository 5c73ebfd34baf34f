import { setTimeout as sleep } from 'node:timers/promises';

import type { Database } from '../../db/database.ts';
import { writePulse } from '../../journal/meta.ts';
import type { EventListener } from '../../model/event.ts';
import { createBrakeControl } from './brake-control.ts';
import type { PhaseClock } from '../context/phase-clock.ts';
import type { StopRequest } from '../context/stop.ts';

/** Slows a run down so that it does not hold up other writers. */
export interface Brake {
  /**
   * Called after every batch with the time of its transaction, milliseconds; resolves when the next batch may begin.
   */
  after(milliseconds: number): Promise<void>;
  /** The time within which 99 of 100 small writes beside the run stayed, milliseconds; null where there is no brake. */
  p99(): number | null;
  /** Ends the small writes. */
  release(): Promise<void>;
}

/** The brake of a run without a limit for other writes. */
export const NO_BRAKE: Brake = {
  after: async () => Promise.resolve(),
  p99: () => null,
  release: async () => Promise.resolve(),
};

/** Small writes a second: enough to see what another writer sees, too few to be a load. */
const PULSES_A_SECOND = 20;
/** A pause is reviewed this often: the share may have risen, or the operator may want to stop. */
const SLICE_MS = 100;

/**
 * Runs work with a brake, and ends the small writes after it, however it ends.
 * @param parts null where no limit was given.
 */
export async function withBrake<T>(parts: BrakeParts | null, work: (brake: Brake) => Promise<T>): Promise<T> {
  const brake = parts === null ? NO_BRAKE : createBrake(parts);
  try {
    return await work(brake);
  } finally {
    await brake.release();
  }
}

export interface BrakeParts {
  readonly writer: Database;
  /** The time within which 99 of 100 writes should stay, milliseconds. */
  readonly target: number;
  readonly clock: PhaseClock;
  readonly stop: StopRequest;
  readonly onEvent: EventListener;
}

/**
 * Measures a small durable write twenty times a second on a connection of its own, and pauses the run between its
 * batches so that 99 of 100 of these writes stay within the target. Other writers wait for the same log locks and
 * processors. A writer that needs a row of the batch waits until the batch commits, so batches must be short as well.
 */
function createBrake({ writer, target, clock, stop, onEvent }: BrakeParts): Brake {
  const control = createBrakeControl(target);
  let released = false;
  let announced = false;
  /** When the write under way began; a write that does not return says more than those that did. */
  let under: number | null = null;

  const isReleased = (): boolean => released;
  const pulse = async (): Promise<void> => {
    while (!isReleased()) {
      const began = performance.now();
      under = began;
      try {
        await writePulse(writer);
        control.wrote(performance.now() - began);
      } catch {
        // Another writer fails or waits now as well.
        control.wrote(target * 2);
      }
      under = null;
      await sleep(Math.max(0, 1000 / PULSES_A_SECOND - (performance.now() - began)));
    }
  };
  const pulses = pulse();

  const mayGoOn = (worked: number, waited: number): boolean => {
    if (stop.requested() || released) return true;
    if (under !== null && performance.now() - under > target) return false;
    return waited >= worked * (1 / control.share() - 1);
  };

  return {
    async after(milliseconds) {
      const began = performance.now();
      while (!mayGoOn(milliseconds, performance.now() - began)) {
        if (!announced) {
          announced = true;
          onEvent({ kind: 'note', text: `pausing between batches, so that others' writes stay within ${target} ms` });
        }
        await sleep(
          Math.min(SLICE_MS, Math.max(1, milliseconds * (1 / control.share() - 1) - (performance.now() - began))),
        );
      }
      clock.add('wait', performance.now() - began);
    },
    p99: () => control.p99(),
    async release() {
      released = true;
      await pulses;
    },
  };
}
