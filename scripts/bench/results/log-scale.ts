/** A scale on which equal factors are equal lengths. */
export interface LogScale {
  readonly position: (value: number) => number;
  /** Round values within the range, at most one for every `room` of length. */
  readonly ticks: readonly number[];
}

export interface LogRange {
  readonly least: number;
  readonly most: number;
  /** Where `least` and `most` lie. */
  readonly from: number;
  readonly to: number;
  /** Length that a tick needs for its label. */
  readonly room: number;
}

const STEPS: readonly (readonly number[])[] = [[1, 2, 5], [1, 3], [1]];

/** @throws RangeError unless 0 < `least` < `most`, both finite. */
export function logScale({ least, most, from, to, room }: LogRange): LogScale {
  if (!(least > 0 && most > least && Number.isFinite(most))) {
    throw new RangeError(`no logarithmic scale from ${String(least)} to ${String(most)}`);
  }
  const factor = Math.log(most / least);
  const position = (value: number): number => from + (Math.log(value / least) / factor) * (to - from);
  const fits = Math.max(2, Math.floor(Math.abs(to - from) / room));
  const candidates = STEPS.map((steps) => roundValues(least, most, steps));
  const ticks = candidates.find((values) => values.length <= fits) ?? candidates.at(-1) ?? [];
  return { position, ticks };
}

function roundValues(least: number, most: number, steps: readonly number[]): readonly number[] {
  const values: number[] = [];
  for (let power = Math.floor(Math.log10(least)); power <= Math.ceil(Math.log10(most)); power += 1) {
    for (const step of steps) {
      const value = Number(`${String(step)}e${String(power)}`);
      if (value >= least && value <= most) values.push(value);
    }
  }
  return values;
}
