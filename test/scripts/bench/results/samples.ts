import type { ContenderFigures } from '../../../../scripts/bench/results/figures-of.ts';
import type { EngineResults, SizeResults } from '../../../../scripts/bench/results/results.ts';
import type { Measures } from '../../../../scripts/bench/measures-file.ts';
import type { Waits } from '../../../../scripts/bench/neighbour/measure.ts';

export const MEASURES: Measures = {
  seconds: { total: 10, read: 1, decide: 2, write: 6, wait: null },
  statements: 1_234,
  bytesSent: 5 * 1024 ** 2,
  bytesReceived: null,
  rows: 1_000,
  batches: 1,
};

export function figures(seconds: readonly number[], rest: Partial<ContenderFigures> = {}): ContenderFigures {
  return { rows: 1_000, seconds, peakMib: null, cpuSeconds: null, measures: null, ...rest };
}

export function size(images: number, rest: Partial<SizeResults> = {}): SizeResults {
  return {
    images,
    properties: images - 1,
    date: '2026-11-28',
    repeat: 3,
    load: 0.5,
    figures: {
      'update-all': figures([1, 2, 3]),
      'migrate-columns': figures([2, 2, 2], { peakMib: 128.4, cpuSeconds: 1.5, measures: MEASURES }),
      plan: figures([1, 1, 1]),
    },
    ...rest,
  };
}

export function waits(p50: number, p99: number, worst: number): Waits {
  return { writes: 1_000, p50, p99, worst, retries: 0, seconds: 20 };
}

export function engine(server: string, rest: Partial<EngineResults> = {}): EngineResults {
  return {
    conditions: { server, settings: 'as shipped', machine: 'a machine', seed: 1 },
    sizes: [size(1_000), size(1_000_000)],
    neighbour: null,
    ...rest,
  };
}
