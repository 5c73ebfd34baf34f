import { setTimeout as sleep } from 'node:timers/promises';

import type { Database } from '../../db/database.ts';
import { writePulse } from '../../journal/meta.ts';
import type { EventListener } from '../../model/event.ts';
import { createBrakeControl } from './brake-control.ts';
import type { PhaseClock } from '../context/phase-clock.ts';
import type { StopRequest } from '../context/stop.ts';

/** Keeps a run from being in the way of others. */
export interface Brake {
  /** Called behind every batch with what its transaction took, milliseconds; resolves when the next one may begin. */
  after(milliseconds: number): Promise<void>;
  /** What 99 of 100 small writes beside the run took at most, milliseconds; null where nobody asked for it. */
  p99(): number | null;
  /** Ends the small writes. */
  release(): Promise<void>;
}

/** For a run that nobody wants to be slowed down. */
export const NO_BRAKE: Brake = {
  after: async () => Promise.resolve(),
  p99: () => null,
  release: async () => Promise.resolve(),
};

/** Small writes a second: enough to see what a writer beside the run sees, few enough to be no load. */
const PULSES_A_SECOND = 20;
/** A pause is looked at again so often: the share may have risen, or the operator wants to stop. */
const SLICE_MS = 100;

/**
 * Runs work with a brake, and ends the small writes behind it, however it ends.
 * @param parts null where nobody asked for one.
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
  /** What 99 of 100 writes should stay within, milliseconds. */
  readonly target: number;
  readonly clock: PhaseClock;
  readonly stop: StopRequest;
  readonly onEvent: EventListener;
}

/**
 * Watches what a small durable write costs while the run works, by doing one twenty times a second on a connection of its own, and makes the run
 * pause between its batches so that 99 of 100 stay within the target. What others write waits for the same locks of the log and the same
 * processors; for a row that is in a batch under way, it waits until that has ended, so batches must be short as well.
 */
function createBrake({ writer, target, clock, stop, onEvent }: BrakeParts): Brake {
  const control = createBrakeControl(target);
  let released = false;
  let told = false;
  /** When the write under way began; one that does not come back says more than those that did. */
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
        // Whoever writes now fails or waits as well.
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
        if (!told) {
          told = true;
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
