import { grouped, median } from '../figures.ts';
import type { Waits } from '../neighbour/measure.ts';
import { SITUATION_NAMES, SITUATIONS, WHOLE_TABLE } from '../neighbour/situation.ts';
import type { NeighbourResults } from './results.ts';

/** Medians over the rounds, a row a situation, under a header. */
export function neighbourRows({
  images,
  waits,
}: Pick<NeighbourResults, 'images' | 'waits'>): readonly (readonly string[])[] {
  const header = [
    'beside',
    'writes',
    'p50, ms',
    'p99, ms',
    'worst, ms',
    'p99 : p99 beside nothing',
    'tried again',
    'rows a second',
    'without a neighbour',
  ];
  const idle = middle(waits.idle ?? [], 'p99');
  const rows = SITUATION_NAMES.flatMap((situation) => {
    const rounds = waits[situation] ?? [];
    if (rounds.length === 0) return [];
    return [
      [
        SITUATIONS[situation],
        grouped(middle(rounds, 'writes')),
        milliseconds(middle(rounds, 'p50')),
        milliseconds(middle(rounds, 'p99')),
        milliseconds(middle(rounds, 'worst')),
        Number.isNaN(idle) ? '-' : (middle(rounds, 'p99') / idle).toFixed(1),
        grouped(middle(rounds, 'retries')),
        grouped(WHOLE_TABLE.has(situation) ? images / middle(rounds, 'seconds') : Number.NaN),
        grouped(images / middle(rounds, 'secondsAlone')),
      ],
    ];
  });
  return [header, ...rows];
}

/** NaN where no round has the figure. */
export function middle(rounds: readonly Waits[], figure: keyof Waits): number {
  return median(rounds.map((round) => round[figure]).filter((value) => value !== undefined));
}

function milliseconds(value: number): string {
  return value < 100 ? value.toFixed(1) : grouped(value);
}
