import type { BenchEngineName } from '../engine-names.ts';
import type { NeighbourWaits } from '../neighbour/measure.ts';
import type { ShardSeconds } from '../shards.ts';
import type { SizeFigures } from './figures-of.ts';

/** What figures must have in common to stand in one table. */
export interface Conditions {
  /** `MariaDB 10.11.19` */
  readonly server: string;
  readonly settings: string;
  readonly machine: string;
  readonly seed: number;
}

/** When and how a part was measured. */
export interface Occasion {
  /** `2026-11-28` */
  readonly date: string;
  /** Rounds. */
  readonly repeat: number;
  /** Load average of the last minute before the start: what else the machine was busy with. */
  readonly load: number;
}

export interface SizeResults extends Occasion {
  readonly images: number;
  readonly properties: number;
  readonly figures: SizeFigures;
}

export interface NeighbourResults extends Occasion {
  readonly images: number;
  readonly waits: NeighbourWaits;
}

export interface ShardResults extends Occasion {
  readonly images: number;
  readonly seconds: ShardSeconds;
}

export interface EngineResults {
  readonly conditions: Conditions;
  /** Smallest first. */
  readonly sizes: readonly SizeResults[];
  readonly neighbour: NeighbourResults | null;
  /** Absent where it was not measured, as in files from before there was this part. */
  readonly shards?: ShardResults;
}

export interface Results {
  /** Of this shape. */
  readonly version: 1;
  readonly engines: Readonly<Partial<Record<BenchEngineName, EngineResults>>>;
}

export const NO_RESULTS: Results = { version: 1, engines: {} };

/**
 * Puts what was measured on one engine into what is there: other engines, other sizes and the parts that were not measured stay.
 * What was measured under other conditions goes, because it must not stand beside this.
 */
export function mergeResults(
  there: Results,
  engine: BenchEngineName,
  { conditions, sizes, neighbour, ...measured }: EngineResults,
): Results {
  const before = there.engines[engine];
  const kept = before !== undefined && sameConditions(before.conditions, conditions) ? before : null;
  const shards = measured.shards ?? kept?.shards;
  const fresh = new Set(sizes.map((size) => size.images));
  const merged: EngineResults = {
    conditions,
    sizes: [...(kept?.sizes ?? []).filter((size) => !fresh.has(size.images)), ...sizes].toSorted(
      (left, right) => left.images - right.images,
    ),
    neighbour: neighbour ?? kept?.neighbour ?? null,
    ...(shards === undefined ? {} : { shards }),
  };
  return { ...there, engines: { ...there.engines, [engine]: merged } };
}

function sameConditions(left: Conditions, right: Conditions): boolean {
  return (
    left.server === right.server &&
    left.settings === right.settings &&
    left.machine === right.machine &&
    left.seed === right.seed
  );
}
