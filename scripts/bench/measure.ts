import { CONTENDERS, type Contender } from './contender.ts';
import type { BenchEngine } from './engine.ts';
import { RUNS } from './runs.ts';
import type { Sample, Samples } from './sample.ts';

export { CLI } from './product.ts';

/**
 * Measures everything `repeat` times, the order turned by one each time so that no contender is always first. Every run that
 * writes has a fresh copy for itself.
 */
export async function measureSize(
  engine: BenchEngine,
  images: number,
  repeat: number,
  onStep: (text: string) => void,
): Promise<Samples> {
  const found: Partial<Record<Contender, Sample[]>> = {};
  let untouched: string | null = null;
  for (let round = 0; round < repeat; round += 1) {
    for (let index = 0; index < RUNS.length; index += 1) {
      const run = RUNS[(index + round) % RUNS.length];
      if (run === undefined) continue;
      const url: string = untouched ?? (await engine.freshCopy());
      untouched = run.touches === 'reads' ? url : null;
      for (const [contender, sample] of await run.measure({ engine, url, images })) {
        (found[contender] ??= []).push(sample);
        onStep(`round ${String(round + 1)}: ${CONTENDERS[contender]} ${sample.seconds.toFixed(2)} s`);
      }
    }
  }
  return found;
}
