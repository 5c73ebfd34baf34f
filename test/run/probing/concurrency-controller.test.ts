import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  afterAnswer,
  afterOverload,
  type Concurrency,
  startConcurrency,
} from '../../../src/run/probing/concurrency-controller.ts';
import { randomOf } from '../../probe/fuzz/random.ts';
import { type Simulated, simulate, type SimulatedSource } from '../support/simulated-source.ts';
import { runs } from '../../support/effort.ts';

const MOST = 64;
const IMAGES = 6000;

const seed = fc.integer({ min: 0, max: 0xffff_ffff });
const capacity = fc.integer({ min: 1, max: 100 });
const latency = fc.double({ min: 0.05, max: 500, noNaN: true });

type Seen = { readonly kind: 'overload' } | { readonly kind: 'answer'; readonly ms: number; readonly taken: boolean };
const seen: fc.Arbitrary<Seen> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ kind: 'overload' as const }) },
  {
    weight: 30,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      ms: fc.oneof(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.constant(0), fc.constant(20)),
      taken: fc.boolean(),
    }),
  },
);

describe('the number of reads at once', () => {
  it('is a whole number from 1 to the most, whatever is seen', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.array(seen, { maxLength: 3000, size: 'max' }), (most, all) => {
        let state = startConcurrency(most);
        for (const one of all) {
          state = after(state, one);
          expect(Number.isInteger(state.limit) && state.limit >= 1 && state.limit <= most).toBe(true);
        }
      }),
      runs(50),
    );
  });

  it('brings what a source of constant latency can give, and is little more than that takes', () => {
    fc.assert(
      fc.property(seed, capacity, latency, (start, able, ms) => {
        const run = simulated(start, { capacity: able, latency: ms, scatter: 0 });
        expect(rate(run)).toBeGreaterThan((0.9 * Math.min(able, MOST)) / ms);
        expect(meanLimit(run)).toBeLessThan(1.6 * Math.min(able, MOST) + 1);
      }),
      runs(60),
    );
  });

  it.each([
    [0.5, 0.8],
    [1, 0.6],
  ] as const)('where times scatter by %d brings %d of that at the least', (scatter, share) => {
    fc.assert(
      fc.property(seed, capacity, latency, (start, able, ms) => {
        const run = simulated(start, { capacity: able, latency: ms, scatter });
        expect(rate(run)).toBeGreaterThan((share * Math.min(able, MOST)) / ms);
      }),
      runs(60),
    );
  });

  it('goes down with a source that can do less, and up again', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 2, max: 8 }), latency, (start, few, ms) => {
        const source = (done: number): SimulatedSource => ({
          capacity: done >= IMAGES && done < 2 * IMAGES ? few : 50,
          latency: ms,
          scatter: 0,
        });
        const { limits } = simulate(source, { images: 3 * IMAGES, most: MOST, random: randomOf(start) });
        expect(mean(limits.slice(IMAGES / 2, IMAGES))).toBeGreaterThan(40);
        expect(mean(limits.slice(1.5 * IMAGES, 2 * IMAGES))).toBeLessThan(2 * few + 2);
        expect(mean(limits.slice(2.5 * IMAGES))).toBeGreaterThan(40);
      }),
      runs(20),
    );
  });

  it('stays near what a server bears that asks for patience, and asks for that seldom', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 2, max: 40 }), (start, bears) => {
        const source = { capacity: 100, latency: 20, scatter: 0.5, bears } as const;
        const { limits } = simulate(() => source, { images: IMAGES, most: MOST, random: randomOf(start) });
        const settled = limits.slice(IMAGES / 2);
        expect(mean(settled)).toBeLessThan(1.5 * bears);
        expect(mean(settled)).toBeGreaterThan(bears / 3);
        expect(settled.filter((limit) => limit > bears).length).toBeLessThan(settled.length / 2);
      }),
      runs(40),
    );
  });
});

describe('a source that asks for patience', () => {
  const loaded: Concurrency = { ...startConcurrency(MOST), limit: 40 };

  it('gets half as much at once, and once for all who were told together', () => {
    let state = afterOverload(loaded);
    for (let others = 0; others < 39; others += 1) {
      expect(state.limit).toBe(20);
      state = afterOverload(state);
    }
    expect(state.limit).toBe(20);
  });

  it('gets half of that when it goes on asking, and one image at a time in the end', () => {
    let state = loaded;
    for (let time = 0; time < 200; time += 1) state = afterOverload(state);
    expect(state.limit).toBe(1);
  });
});

it('is not changed by answers to fewer reads than were allowed, as at the end of a page', () => {
  let state = startConcurrency(MOST);
  for (let answer = 0; answer < 1000; answer += 1) {
    state = afterAnswer(state, { milliseconds: answer, places: 'free' });
  }
  expect(state).toEqual(startConcurrency(MOST));
});

function after(state: Concurrency, one: Seen): Concurrency {
  if (one.kind === 'overload') return afterOverload(state);
  return afterAnswer(state, { milliseconds: one.ms, places: one.taken ? 'taken' : 'free' });
}

function simulated(start: number, source: SimulatedSource): Simulated {
  return simulate(() => source, { images: IMAGES, most: MOST, random: randomOf(start) });
}

/** Images of a millisecond in the second half. */
function rate({ times }: Simulated): number {
  return IMAGES / 2 / ((times.at(-1) ?? 0) - (times[IMAGES / 2 - 1] ?? 0));
}

function meanLimit({ limits }: Simulated): number {
  return mean(limits.slice(IMAGES / 2));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
