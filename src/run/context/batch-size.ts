import type { BatchBounds, Pressure } from '../../db/pressure.ts';

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
 * most half from batch to batch, and falls at once when the target does. A batch that takes five times the target cuts
 * the size to a tenth of its own, and earlier batches no longer count (as the dynamic chunk sizer of spirit does).
 *
 * @param aim the target and the least size; asked whenever a size is.
 */
export function steeredSize(
  { start, most }: BatchBounds,
  aim: () => Pick<Pressure, 'milliseconds' | 'least'>,
): BatchSize {
  let size = start;
  let costs: number[] = [];
  const fitting = (): number =>
    costs.length < ENOUGH ? size : Math.floor(aim().milliseconds / Math.max(nineOfTen(costs), Number.MIN_VALUE));
  return {
    next: () => Math.max(aim().least, Math.min(size, fitting())),
    took(rows, milliseconds) {
      const { milliseconds: target, least } = aim();
      if (milliseconds > ALARM * target) {
        // Of its own rows: several that began with the same size cut it once.
        size = Math.max(least, Math.min(size, Math.floor(rows / 10)));
        costs = [];
        return;
      }
      costs = [...costs.slice(1 - WINDOW), milliseconds / Math.max(1, rows)];
      size = Math.max(least, Math.min(most, fitting(), costs.length < ENOUGH ? size : Math.floor(size * GROWTH)));
    },
  };
}

function nineOfTen(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.ceil(sorted.length * 0.9) - 1] ?? 0;
}
