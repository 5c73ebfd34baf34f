/**
 * Builds the corpus of real images that the probe is tested and measured with, and says where it is.
 *   npx tsx scripts/corpus.ts
 */
import path from 'node:path';
import { buildCorpus } from './corpus/build.ts';

const { folder, samples } = await buildCorpus((text) => process.stderr.write(`${text}\n`));
process.stdout.write(`${String(samples.length)} samples, labelled in ${path.join(folder, 'manifest.json')}\n`);
