/**
 * Decides what share of the time the run may work, so that small writes beside it stay quick. Pure: it is given what
 * writes took and asked for the share; nothing here waits.
 */
export interface BrakeControl {
  /** Notes what one small write took, milliseconds. */
  wrote(took: number): void;
  /** The share of the time that may be worked, above 0 up to 1. */
  share(): number;
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
  return {
    wrote(took) {
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
  };
}
