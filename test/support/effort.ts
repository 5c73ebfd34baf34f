/**
 * How often a property is tried: as often as it says in `./scripts/test`, which sets the variable, and a tenth of that
 * in `npm test`, so that the unit tests end within half a minute.
 */
const FULL = process.env['GLANCE_RETYPE_TEST_EFFORT'] === 'full';

/** For `fc.assert`; `times` is the number of runs of a full test run. */
export function runs(times: number): { readonly numRuns: number } {
  return { numRuns: FULL ? times : Math.ceil(times / 10) };
}

/** All values in a full test run, else every seventh, which no small table repeats with. */
export function* sampled<T>(values: Iterable<T>): Generator<T> {
  let at = 0;
  for (const value of values) {
    if (FULL || at % 7 === 0) yield value;
    at += 1;
  }
}
