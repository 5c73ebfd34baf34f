import type { BatchBounds } from '../../db/dialect.ts';

/** Decides how many rows the next page or batch has. A result never depends on it. */
export interface BatchSize {
  /** At least 1. */
  next(): number;
  /** Notes what a batch of `rows` rows took, milliseconds. */
  took(rows: number, milliseconds: number): void;
}

/** Keeps the size that the operator gave. */
export function fixedSize(rows: number): BatchSize {
  return { next: () => rows, took: () => undefined };
}

const WINDOW = 10;
/** Fewer batches than this say nothing about the next one. */
const ENOUGH = 3;
const GROWTH = 1.5;
/** A batch that takes this many times its target has met something unusual. */
const ALARM = 5;

/**
 * Computes the size from the last ten batches: the size at which nine of ten would have met the target. It grows by at
 * most half from batch to batch. A batch that takes five times the target cuts the size to a tenth at once, and earlier
 * batches no longer count (as the dynamic chunk sizer of spirit does).
 */
export function steeredSize({ start, least, most, target }: BatchBounds): BatchSize {
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
