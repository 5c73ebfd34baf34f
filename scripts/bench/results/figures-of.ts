import { CONTENDER_NAMES, type Contender } from '../contender.ts';
import { median } from '../figures.ts';
import { COUNTS, type Measures, PHASES } from '../measures-file.ts';
import type { Sample, Samples } from '../sample.ts';

/** What is kept of a contender's samples. */
export interface ContenderFigures {
  readonly rows: number;
  /** One entry a round. */
  readonly seconds: readonly number[];
  /** The largest of all rounds. */
  readonly peakMib: number | null;
  /** Median. */
  readonly cpuSeconds: number | null;
  /** Median, figure by figure; null where no round brought any. */
  readonly measures: Measures | null;
}

export type SizeFigures = Readonly<Partial<Record<Contender, ContenderFigures>>>;

export function figuresOf(samples: Samples): SizeFigures {
  const found: Partial<Record<Contender, ContenderFigures>> = {};
  for (const contender of CONTENDER_NAMES) {
    const [first, ...others] = samples[contender] ?? [];
    if (first !== undefined) found[contender] = contenderFigures([first, ...others]);
  }
  return found;
}

function contenderFigures(samples: readonly [Sample, ...Sample[]]): ContenderFigures {
  const peaks = known(samples.map((sample) => sample.peakMib));
  const measures = known(samples.map((sample) => sample.measures));
  return {
    rows: samples[0].rows,
    seconds: samples.map((sample) => short(sample.seconds)),
    peakMib: peaks.length === 0 ? null : short(Math.max(...peaks)),
    cpuSeconds: medianKnown(samples.map((sample) => sample.cpuSeconds)),
    measures: measures.length === 0 ? null : medianMeasures(measures),
  };
}

function medianMeasures(measures: readonly Measures[]): Measures {
  const pick = <Key extends string>(keys: readonly Key[], read: (one: Measures, key: Key) => number | null) =>
    Object.fromEntries(keys.map((key) => [key, medianKnown(measures.map((one) => read(one, key)))])) as Record<
      Key,
      number | null
    >;
  return { seconds: pick(PHASES, (one, key) => one.seconds[key]), ...pick(COUNTS, (one, key) => one[key]) };
}

function medianKnown(values: readonly (number | null)[]): number | null {
  const found = known(values);
  return found.length === 0 ? null : short(median(found));
}

function known<T>(values: readonly (T | null)[]): readonly T[] {
  return values.filter((value) => value !== null);
}

/** Five digits: more than any of them is good for. Whole numbers stay whole. */
function short(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(5));
}
