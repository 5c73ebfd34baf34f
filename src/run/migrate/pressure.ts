import type { Dialect, Pressure, NeighbourReading } from '../../db/dialect.ts';

/**
 * Decides how hard a run presses: as hard as the engine bears while nobody waits, less while others do. Pure: it is
 * given readings, one after the other; nothing here waits.
 */
export interface PressureControl {
  /** Notes what the database tells of others who wait. null: it cannot be asked, so others may wait. */
  read(reading: NeighbourReading | null): void;
  now(): Pressure;
}

/** Readings a second. One takes a fraction of a millisecond of a server's processor. */
export const READINGS_A_SECOND = 10;

/** Readings without anybody who waits before a run that begins presses hard. */
const AT_FIRST = READINGS_A_SECOND;
/** The same after somebody has waited: one who writes now and then is still there. */
const AFTER_A_WAIT = 5 * READINGS_A_SECOND;
/** Waits of fewer milliseconds between two readings do no harm: our own sign of life now and then waits that long. */
const HARMLESS_MS = 10;

/** Begins as if others waited. */
export function createPressureControl({ alone, beside }: Dialect['pressure']): PressureControl {
  let careful = AT_FIRST;
  let before: NeighbourReading | null = null;
  return {
    read(reading) {
      const waits =
        reading === null || reading.atWork > 0 || (before !== null && reading.waited - before.waited >= HARMLESS_MS);
      before = reading;
      careful = waits ? AFTER_A_WAIT : Math.max(0, careful - 1);
    },
    now: () => (careful > 0 ? beside : alone),
  };
}
