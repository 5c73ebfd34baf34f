import { spawnSync } from 'node:child_process';
import type { ReadCost } from '../../../src/model/verdict.ts';
import { type ChildCost, runChild } from '../child.ts';
import { median, percentile } from '../figures.ts';

/** A program with what it is to judge. */
export interface Contender {
  readonly command: readonly [string, ...string[]];
  /** Images that one run judges; rates are compared image by image. */
  readonly images: number;
}

/** What one contender came to over all rounds. */
export interface Measured {
  readonly images: number;
  /** Median over the rounds of whole processes, start-up counted. */
  readonly imagesPerSecond: number;
  readonly peakMib: number;
}

/** What an image cost, over all images. */
export interface Spread {
  readonly median: number;
  readonly ninetyPercent: number;
  readonly most: number;
}

/** Runs every contender once a round, the order turned by one each time so that none is always first. */
export async function measureRounds<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  {
    repeat,
    warmUp,
    onStep,
  }: { readonly repeat: number; readonly warmUp: number; readonly onStep: (text: string) => void },
): Promise<Readonly<Record<Name, Measured>>> {
  const names = Object.keys(contenders) as Name[];
  const costs = new Map<Name, ChildCost[]>(names.map((name) => [name, []]));
  for (let round = 1 - warmUp; round <= repeat; round += 1) {
    for (let index = 0; index < names.length; index += 1) {
      const name = names[(index + round + warmUp) % names.length];
      if (name === undefined) continue;
      const { command, images } = contenders[name];
      const cost = await runChild(command);
      if (round < 1) continue;
      costs.get(name)?.push(cost);
      onStep(`round ${String(round)}: ${name} ${(images / cost.seconds).toFixed(0)} images/s`);
    }
  }
  const measured = names.map((name): [Name, Measured] => {
    const { images } = contenders[name];
    const own = costs.get(name) ?? [];
    const imagesPerSecond = images / median(own.map(({ seconds }) => seconds));
    return [name, { images, imagesPerSecond, peakMib: Math.max(...own.map(({ peakMib }) => peakMib)) }];
  });
  return Object.fromEntries(measured) as Record<Name, Measured>;
}

/** What the program says that it read for each image, from a run of its own. @throws Error where an image got no type. */
export function readCosts([program, ...words]: Contender['command'], count: number): readonly ReadCost[] {
  const { stdout, status, stderr } = spawnSync(program, words, { maxBuffer: 256 * 1024 * 1024 });
  if (status !== 0) throw new Error(`probe ended with ${String(status)}: ${stderr.toString()}`);
  const lines = stdout.toString().trim().split('\n');
  if (lines.length !== count) throw new Error(`${String(lines.length)} lines for ${String(count)} images`);
  return lines.map((line) => {
    const { cost, image_type: type } = JSON.parse(line) as {
      readonly cost: ReadCost;
      readonly image_type: string | null;
    };
    if (type === null) throw new Error(`an image of the mix got no type: ${line}`);
    return cost;
  });
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: percentile(values, 0.5), ninetyPercent: percentile(values, 0.9), most: percentile(values, 1) };
}
