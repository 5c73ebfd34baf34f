/** How many rows the next page or batch has. A result never depends on it. */
export interface BatchSize {
  /** At least 1. */
  next(): number;
  /** What a batch of so many rows took, milliseconds. */
  took(rows: number, milliseconds: number): void;
}

export interface SteeredSize {
  readonly start: number;
  readonly least: number;
  readonly most: number;
  /** How long a batch should take, milliseconds. */
  readonly target: number;
}

/** As the operator said. */
export function fixedSize(rows: number): BatchSize {
  return { next: () => rows, took: () => undefined };
}

/** Batches looked back at. */
const WINDOW = 10;
/** Fewer say nothing about the next one. */
const ENOUGH = 3;
const GROWTH = 1.5;
/** A batch that takes so many times its target says that something else is wrong. */
const ALARM = 5;

/**
 * Steers by what the last ten batches took: the size at which nine of ten would have kept the target, reached by at most half as much again
 * from batch to batch. One that takes five times the target brings the size down to a tenth at once, and nothing before it counts any
 * more (peers: spirit, dynamic chunk sizer).
 */
export function steeredSize({ start, least, most, target }: SteeredSize): BatchSize {
  let size = start;
  let costs: number[] = [];
  return {
    next: () => size,
    took(rows, milliseconds) {
      if (milliseconds > ALARM * target) {
        size = Math.max(least, Math.floor(size / 10));
        costs = [];
        return;
      }
      costs = [...costs.slice(1 - WINDOW), milliseconds / Math.max(1, rows)];
      if (costs.length < ENOUGH) return;
      const fitting = target / Math.max(nineOfTen(costs), Number.MIN_VALUE);
      size = Math.max(least, Math.min(most, Math.floor(Math.min(fitting, size * GROWTH))));
    },
  };
}

function nineOfTen(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.ceil(sorted.length * 0.9) - 1] ?? 0;
}
