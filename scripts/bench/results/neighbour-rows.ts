import { grouped, median } from '../figures.ts';
import type { NeighbourWaits, Waits } from '../neighbour/measure.ts';
import { SITUATION_NAMES, SITUATIONS } from '../neighbour/situation.ts';

/** Medians over the rounds, a row a situation, under a header. */
export function neighbourRows(waits: NeighbourWaits): readonly (readonly string[])[] {
  const header = ['beside', 'writes', 'p50, ms', 'p99, ms', 'worst, ms', 'worst : worst beside nothing', 'tried again'];
  const idle = middle(waits.idle ?? [], 'worst');
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
        Number.isNaN(idle) ? '-' : (middle(rounds, 'worst') / idle).toFixed(1),
        grouped(middle(rounds, 'retries')),
      ],
    ];
  });
  return [header, ...rows];
}

export function middle(rounds: readonly Waits[], figure: keyof Waits): number {
  return median(rounds.map((round) => round[figure]));
}

function milliseconds(value: number): string {
  return value < 100 ? value.toFixed(1) : grouped(value);
}
