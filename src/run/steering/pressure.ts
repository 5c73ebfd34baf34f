import type { Dialect } from '../../db/dialect.ts';
import type { NeighbourReading, Pressure } from '../../db/pressure.ts';

/**
 * Decides how hard a run presses: as hard as the engine bears while nobody else writes or waits, less beside others.
 * Pure: it is given readings, one after the other; nothing here waits.
 */
export interface PressureControl {
  /** Notes what the database tells of others. null: it could not be asked, so there may be others. */
  read(reading: NeighbourReading | null): void;
  now(): Pressure;
}

/** One reading takes a fraction of a millisecond of a server's processor. */
export const READINGS_A_SECOND = 10;

/** Readings without anybody before a run that begins presses hard. */
const AT_FIRST = READINGS_A_SECOND;
/** The same after somebody was seen: who writes now and then is still there. */
const AFTER_OTHERS = 5 * READINGS_A_SECOND;
/** Waits of fewer milliseconds between two readings do no harm: our own sign of life now and then waits that long. */
const HARMLESS_MS = 10;

/** Begins as if there were others. */
export function createPressureControl({ alone, beside }: Dialect['pressure']): PressureControl {
  let careful = AT_FIRST;
  let before: NeighbourReading | null = null;
  return {
    read(reading) {
      const others =
        reading === null || reading.atWork > 0 || (before !== null && reading.waited - before.waited >= HARMLESS_MS);
      before = reading;
      careful = others ? AFTER_OTHERS : Math.max(0, careful - 1);
    },
    now: () => (careful > 0 ? beside : alone),
  };
}
