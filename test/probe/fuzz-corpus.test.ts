import { open } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';

import { CORPUS_WANTED, corpusForTests } from '../support/images/corpus.ts';
import { broken } from './fuzz/case.ts';
import { damage } from './fuzz/damage.ts';
import { chosenSeed, randomOf } from './fuzz/random.ts';
import type { Sample } from './fuzz/samples.ts';

/**
 * Random damage to beginnings and ends of every sample of the corpus, so that a parser is fuzzed as soon as it has a
 * sample. `GLANCE_RETYPE_FUZZ_SEED` repeats a run; `GLANCE_RETYPE_FUZZ_CORPUS_CASES` makes it longer.
 */

/**
 * Small, so that most of the time goes into parsers and little into copying. Most superblocks and labels lie within.
 */
const HEAD = 72 * 1024;
const TAIL = 8 * 1024;

const { samples } = await corpusForTests();
const CASES = Number(process.env['GLANCE_RETYPE_FUZZ_CORPUS_CASES'] ?? 12_000);

describe.runIf(CORPUS_WANTED)('damaged samples of the corpus', () => {
  test('none of them can break the prober', { timeout: 600_000 }, async () => {
    const seed = chosenSeed();
    const random = randomOf(seed);
    const read = await Promise.all(samples.map(async ({ name, file }) => ({ name, bytes: await ends(file) })));
    const pieces = read.filter(({ bytes }) => bytes.length > 0);
    for (let index = 0; index < CASES; index += 1) {
      // Each sample in turn, spliced with any other.
      const { bytes, what, restore } = damage(random, pieces, pieces[index % pieces.length]);
      const fault = await broken(bytes);
      restore();
      if (fault !== null) expect.fail(`seed ${seed}, case ${index}, ${what}: ${fault}`);
    }
    process.stdout.write(`damaged corpus: ${CASES} cases over ${pieces.length} samples, seed ${seed}\n`);
    expect(CASES).toBeGreaterThan(pieces.length * 10);
  });
});

/** The beginning and the end of a file, joined where the middle was left out. */
async function ends(file: string): Promise<Sample['bytes']> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const bytes = new Uint8Array(Math.min(size, HEAD + TAIL));
    const tail = Math.min(bytes.length, TAIL);
    await handle.read(bytes, 0, bytes.length - tail, 0);
    await handle.read(bytes, bytes.length - tail, tail, size - tail);
    return bytes;
  } finally {
    await handle.close();
  }
}
