import type { Verdict } from '../model/verdict.ts';
import { DEFAULT_BUDGET, type Budget } from './reading/budget.ts';
import { HEAD_LENGTH } from './reading/file-head.ts';
import { withHeadMemory } from './perform/head-memory.ts';
import { judge } from './judge.ts';
import { settled, undetermined, type Judgement } from './judgement/judgement.ts';
import { FIRST_STEP } from './reading/layer.ts';
import { performTo } from './perform/perform.ts';
import { readUpTo, Unreadable, type Reading } from './reading/reading.ts';
import type { ByteSource } from './reading/source.ts';

/**
 * What the bytes of a source say it is. Nothing in them makes it throw, wait or read beyond the budget; names and addresses found in
 * them are not followed.
 *
 * @throws SourceFailure when the source cannot be read at all.
 */
export async function probe(source: ByteSource, budget: Budget = DEFAULT_BUDGET): Promise<Verdict> {
  const reading = probeImage(() => source.size(), source.distance);
  const { value: judgement, reach } = await withHeadMemory((room) => performTo(reading, source, budget, room));
  const evidence = judgement.evidence.map(({ offset, detail }) => ({ offset, detail }));
  return { ...judgement, reach: judgement.reach === 'cut' ? 'cut' : reach, evidence, cost: source.cost() };
}

/**
 * The same as a reading, for a file of `size` bytes (null where unknown), which is asked once the beginning has been read: a server
 * tells the size with its first answer. Every `Unreadable` ends here.
 */
export function* probeImage(size: () => number | null, distance: ByteSource['distance'] = 'far'): Reading<Judgement> {
  try {
    yield* readUpTo(0, distance === 'near' ? FIRST_STEP : HEAD_LENGTH);
    const bytes = distance === 'near' ? 'near' : 'cheap';
    return settled(yield* judge({ size: size(), depth: 0, bytes }));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return settled(undetermined(`cannot be read: ${error.message}`, null));
  }
}
