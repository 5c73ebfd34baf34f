import { conditionsOf } from './conditions.ts';
import { figuresOf } from './results/figures-of.ts';
import type { EngineResults, NeighbourResults, Occasion, ShardResults, SizeResults } from './results/results.ts';
import { grouped } from './figures.ts';
import type { BenchEngine } from './engine.ts';
import { measureSize } from './measure.ts';
import { measureNeighbour } from './neighbour/measure.ts';
import { measureShards } from './shards.ts';

/** How an engine is measured. */
export interface EngineTask {
  readonly engine: BenchEngine;
  readonly occasion: Occasion;
  readonly seed: number;
  readonly onStep: (text: string) => void;
}

/** Baselines and product side by side, on clouds of every size. */
export async function benchMigration(task: EngineTask, sizes: readonly number[]): Promise<EngineResults> {
  const { engine, occasion, seed, onStep } = task;
  const found: SizeResults[] = [];
  for (const images of sizes) {
    const { properties } = await prepare(task, images);
    const samples = await measureSize(engine, images, occasion.repeat, onStep);
    found.push({ ...occasion, images, properties, figures: figuresOf(samples) });
  }
  return { conditions: await conditionsOf(engine, await engine.freshCopy(), seed), sizes: found, neighbour: null };
}

/** A live Glance beside product and baselines. */
export async function benchNeighbour(task: EngineTask, images: number): Promise<EngineResults> {
  const { engine, occasion, seed, onStep } = task;
  await prepare(task, images);
  const waits = await measureNeighbour(engine, occasion.repeat, seed, onStep);
  const neighbour: NeighbourResults = { ...occasion, images, waits };
  return { conditions: await conditionsOf(engine, await engine.freshCopy(), seed), sizes: [], neighbour };
}

/** One process beside two that share the work. */
export async function benchShards(task: EngineTask, images: number): Promise<EngineResults> {
  const { engine, occasion, seed, onStep } = task;
  await prepare(task, images);
  const seconds = await measureShards(engine, occasion.repeat, onStep);
  const shards: ShardResults = { ...occasion, images, seconds };
  return { conditions: await conditionsOf(engine, await engine.freshCopy(), seed), sizes: [], neighbour: null, shards };
}

async function prepare({ engine, seed, onStep }: EngineTask, images: number): ReturnType<BenchEngine['prepare']> {
  const began = Date.now();
  const prepared = await engine.prepare({ images, seed });
  onStep(
    `${engine.name}: ${grouped(prepared.images)} images, ${grouped(prepared.properties)} properties ${prepared.origin} in ${((Date.now() - began) / 1000).toFixed(1)} s`,
  );
  return prepared;
}
