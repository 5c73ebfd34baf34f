import {
  afterAnswer,
  afterOverload,
  type Concurrency,
  startConcurrency,
} from '../../../src/run/probing/concurrency-controller.ts';
import type { Random } from '../../probe/fuzz/random.ts';

/** A source that works on some images side by side and lets the others wait, in virtual time. */
export interface SimulatedSource {
  /** Images that it works on at once. */
  readonly capacity: number;
  /** Milliseconds that one takes. */
  readonly latency: number;
  /** By how much that scatters, as a share of it: 0 not at all, 1 as widely as its mean. */
  readonly scatter: 0 | 0.5 | 1;
  /** More images under way than this, and it asks for patience. */
  readonly bears?: number;
}

/** Reads `images` one after the other, as many at once as the controller says. `source` is asked at every image. */
export function simulate(
  source: (done: number) => SimulatedSource,
  { images, most, random }: { readonly images: number; readonly most: number; readonly random: Random },
): Simulated {
  let state: Concurrency = startConcurrency(most);
  let [now, started, working] = [0, 0, 0];
  const under: Under[] = [];
  const queue: Queued[] = [];
  const limits: number[] = [];
  const times: number[] = [];

  const serve = (): void => {
    const { capacity, latency, scatter } = source(times.length);
    while (working < capacity && queue.length > 0) {
      const next = queue.shift();
      if (next === undefined) return;
      working += 1;
      under.push({ ...next, ends: now + latency * scattered(scatter, random) });
    }
  };
  const begin = (): void => {
    while (started < images && started - times.length < state.limit) {
      started += 1;
      queue.push({ began: now, places: started - times.length >= state.limit ? 'taken' : 'free' });
    }
    serve();
  };

  begin();
  while (times.length < images) {
    const [ended] = under.splice(soonest(under), 1);
    if (ended === undefined) throw new Error('nothing is under way');
    now = ended.ends;
    working -= 1;
    const { bears = Number.POSITIVE_INFINITY } = source(times.length);
    const isTooMuch = started - times.length > bears;
    times.push(now);
    state = isTooMuch
      ? afterOverload(state)
      : afterAnswer(state, { milliseconds: now - ended.began, places: ended.places });
    limits.push(state.limit);
    begin();
  }
  return { limits, times };
}

export interface Simulated {
  /** The limit after each image. */
  readonly limits: readonly number[];
  /** When each was done, milliseconds. */
  readonly times: readonly number[];
}

interface Queued {
  readonly began: number;
  readonly places: 'taken' | 'free';
}

interface Under extends Queued {
  readonly ends: number;
}

function soonest(under: readonly Under[]): number {
  let found = 0;
  for (const [index, { ends }] of under.entries()) if (ends < (under[found]?.ends ?? 0)) found = index;
  return found;
}

/** Mean 1: constant, or the sum of four or of one exponential time. */
function scattered(scatter: SimulatedSource['scatter'], random: Random): number {
  if (scatter === 0) return 1;
  const parts = Math.round(1 / scatter ** 2);
  let sum = 0;
  for (let part = 0; part < parts; part += 1) sum -= Math.log(1 - random.below(1 << 24) / (1 << 24));
  return sum / parts;
}
