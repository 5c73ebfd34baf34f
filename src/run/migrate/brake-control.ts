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
