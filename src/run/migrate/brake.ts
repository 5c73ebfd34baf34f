import { setTimeout as sleep } from 'node:timers/promises';

import type { Database } from '../../db/database.ts';
import { writePulse } from '../../journal/meta.ts';
import type { ReadContext } from '../context/context.ts';

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

export interface BrakeParts extends Pick<ReadContext, 'clock' | 'stop' | 'onEvent'> {
  readonly writer: Database;
  /** The time within which 99 of 100 writes should stay, milliseconds. */
  readonly target: number;
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

/**
 * Decides what share of the time the run may work, so that small writes beside it stay quick. Pure: it is given what
 * writes took and asked for the share; nothing here waits.
 */
export interface BrakeControl {
  /** Notes what one small write took, milliseconds. */
  wrote(took: number): void;
  /** The share of the time that may be worked, above 0 up to 1. */
  share(): number;
  /** The time within which 99 of 100 of all writes so far stayed, milliseconds; 0 before the first. */
  p99(): number;
}

/** Writes that a change is computed from: those of some seconds. */
const WINDOW = 100;
/** The least share: a run that stands still never ends. */
const LEAST = 0.02;
/** Writes after a change before its effect can be judged. */
const SETTLING = 5;
/** Below this part of the target, the share may grow. */
const ROOM = 0.7;
const GROWTH = 0.02;

/**
 * Halves the share when a write exceeds the target, save for the one in the last hundred that may. Gives a fiftieth
 * back with each write while the slowest of the last ones leaves room (additive increase, multiplicative decrease, as
 * in TCP: Chiu and Jain 1989).
 *
 * @param target the time within which 99 of 100 writes should stay, milliseconds.
 */
export function createBrakeControl(target: number): BrakeControl {
  let recent: number[] = [];
  let sinceChange = SETTLING;
  let share = 1;
  const all = createHistogram();
  return {
    wrote(took) {
      all.add(took);
      recent = [...recent.slice(1 - WINDOW), took];
      sinceChange += 1;
      const over = recent.filter((one) => one > target).length;
      if (took > target) {
        if (over <= recent.length / 100 || sinceChange <= SETTLING) return;
        share = Math.max(LEAST, share / 2);
        sinceChange = 0;
      } else if (Math.max(...recent.slice(-SETTLING)) < target * ROOM) {
        share = Math.min(1, share + GROWTH);
      }
    },
    share: () => share,
    p99: () => all.quantile(0.99),
  };
}

/** Counts in steps of a tenth, so that any number of writes takes the same memory. */
function createHistogram(): { add(value: number): void; quantile(share: number): number } {
  const counts = new Map<number, number>();
  let total = 0;
  const stepOf = (value: number): number => Math.ceil(Math.log(Math.max(value, 0.01)) / Math.log(1.1));
  return {
    add(value) {
      const step = stepOf(value);
      counts.set(step, (counts.get(step) ?? 0) + 1);
      total += 1;
    },
    quantile(share) {
      let seen = 0;
      for (const [step, count] of [...counts].sort(([one], [other]) => one - other)) {
        seen += count;
        if (seen >= total * share) return 1.1 ** step;
      }
      return 0;
    },
  };
}
