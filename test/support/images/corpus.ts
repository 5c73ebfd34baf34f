import { buildCorpus, type Corpus } from '../../../scripts/corpus/build.ts';
import { isLeftOut } from '../servers/left-out.ts';

/**
 * Whether the suites that judge images made by real programs take part: always, unless the person excluded them by name
 * (`scripts/test --without corpus`). A program that is merely missing fails them.
 */
export const CORPUS_WANTED = !isLeftOut('corpus');

if (!CORPUS_WANTED) {
  process.stdout.write('left out as asked: the suites on images made by real programs\n');
}

/** The corpus, built at the first call of a machine; without samples where it was left out. */
export async function corpusForTests(): Promise<Corpus> {
  if (!CORPUS_WANTED) return { folder: '', samples: [] };
  return buildCorpus((text) => process.stdout.write(`${text}\n`));
}
