import { beforeAll, describe, expect, test } from 'vitest';

import { broken } from './fuzz/case.ts';
import { damage } from './fuzz/damage.ts';
import { chosenSeed, randomOf } from './fuzz/random.ts';
import { isPacked, makeSamples, type Sample } from './fuzz/samples.ts';

/** Random damage to real files. `GLANCE_RETYPE_FUZZ_SEED` repeats a run; `GLANCE_RETYPE_FUZZ_CASES` makes it longer. */

let samples: readonly Sample[];
beforeAll(() => {
  samples = makeSamples();
});

/** MiB by which the peak may grow once every path was taken: what one image is allowed, and the collector's leisure. */
const MOST_GROWTH = 96;

/** One case in so many is of packed data. */
const PACKED_EVERY = 8;

const CASES = Number(process.env['GLANCE_RETYPE_FUZZ_CASES'] ?? 22_000);

describe('damaged files', () => {
  test('flipped bytes, cut ends and spliced files cannot break the prober', { timeout: 600_000 }, async () => {
    const seed = chosenSeed();
    const random = randomOf(seed);
    const packed = samples.filter(isPacked);
    const open = samples.filter((sample) => !isPacked(sample));
    let steady = 0;
    for (let index = 0; index < CASES; index += 1) {
      if (index === Math.floor(CASES / 5)) steady = process.resourceUsage().maxRSS;
      const group = index % PACKED_EVERY === 0 ? packed : open;
      const { bytes, what, restore } = damage(random, samples, group[random.below(group.length)]);
      const fault = await broken(bytes);
      restore();
      if (fault !== null) expect.fail(`seed ${seed}, case ${index}, ${what}: ${fault}`);
    }
    const grown = (process.resourceUsage().maxRSS - steady) / 1024;
    process.stdout.write(`random damage: ${CASES} cases, seed ${seed}, peak memory grown by ${grown.toFixed(0)} MiB\n`);
    expect(grown).toBeLessThan(MOST_GROWTH);
  });
});
