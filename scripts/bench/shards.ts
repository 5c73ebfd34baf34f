import type { BenchEngine } from './engine.ts';
import { runProduct } from './product.ts';

/** Ways to let processes do one migration. */
export const ARRANGEMENTS = {
  whole: 'one process',
  shards: 'two shards, a process of one lane each',
} as const;

type Arrangement = keyof typeof ARRANGEMENTS;

/** Seconds from the start of the first process to the end of the last one, one entry a round. */
export type ShardSeconds = Readonly<Record<Arrangement, readonly number[]>>;

const TURNS = ['whole', 'shards'] as const;

const PROCESSES: Readonly<Record<Arrangement, readonly (readonly string[])[]>> = {
  whole: [[]],
  shards: [
    ['--shard', '1/2', '--lanes', '1'],
    ['--shard', '2/2', '--lanes', '1'],
  ],
};

/** Each arrangement once a round on a fresh copy, the order turned by one each time. */
export async function measureShards(
  engine: BenchEngine,
  repeat: number,
  onStep: (text: string) => void,
): Promise<ShardSeconds> {
  const found: Record<Arrangement, number[]> = { whole: [], shards: [] };
  for (let round = 0; round < repeat; round += 1) {
    for (let index = 0; index < TURNS.length; index += 1) {
      const arrangement = TURNS[(index + round) % TURNS.length] ?? 'whole';
      const url = await engine.freshCopy();
      await runProduct(url, 'expand', '--yes');
      const began = performance.now();
      await Promise.all(PROCESSES[arrangement].map(async (words) => runProduct(url, 'migrate', '--yes', ...words)));
      const seconds = Number(((performance.now() - began) / 1000).toFixed(3));
      found[arrangement].push(seconds);
      onStep(`round ${String(round + 1)}: migrate, ${ARRANGEMENTS[arrangement]} ${seconds.toFixed(2)} s`);
    }
  }
  return found;
}
