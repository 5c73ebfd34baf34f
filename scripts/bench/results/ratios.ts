import type { Comparison } from '../contender.ts';
import { median } from '../figures.ts';
import type { ContenderFigures, SizeFigures } from './figures-of.ts';

/** How many times as fast the product is as the baseline, by their rows a second; above 1 it is faster. */
export interface Ratio {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Round by round, because what else the machine does changes from round to round. @returns null where one of the two was not run. */
export function ratioOf(figures: SizeFigures, { product, baseline }: Comparison): Ratio | null {
  const fast = figures[product];
  const slow = figures[baseline];
  if (fast === undefined || slow === undefined) return null;
  const rounds = Math.min(fast.seconds.length, slow.seconds.length);
  const ratios = Array.from({ length: rounds }, (_, round) => rateOf(fast, round) / rateOf(slow, round));
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}

function rateOf({ rows, seconds }: ContenderFigures, round: number): number {
  return rows / (seconds[round] ?? Number.NaN);
}

/** `0.46 (0.44–0.47)` */
export function ratioText(ratio: Ratio | null): string {
  if (ratio === null) return '-';
  const digits = ratio.median < 0.1 ? 3 : ratio.median < 10 ? 2 : 0;
  const [middle, least, most] = [ratio.median, ratio.least, ratio.most].map((value) => value.toFixed(digits));
  return `${middle ?? ''} (${least ?? ''}–${most ?? ''})`;
}
