import { NOTHING_SEEN } from '../model/inspection.ts';
import type { Verdict } from '../model/verdict.ts';
import { DEFAULT_BUDGET, type Budget } from './reading/budget.ts';
import { HEAD_LENGTH } from './reading/fields.ts';
import { withHeadMemory } from './perform/head-pages.ts';
import { judge } from './judge.ts';
import { bounded, undetermined, type Judgement } from './judgement/judgement.ts';
import { FIRST_STEP } from './reading/layer.ts';
import { performTo } from './perform/perform.ts';
import { readUpTo, Unreadable, type Reading } from './reading/reading.ts';
import type { ByteSource } from './reading/source.ts';

/**
 * Judges what the bytes of a source are. No bytes make it throw, wait or read beyond the budget, and it never follows a
 * name or an address that it finds in them.
 *
 * @throws SourceFailure when the source cannot be read at all.
 */
export async function probe(source: ByteSource, budget: Budget = DEFAULT_BUDGET): Promise<Verdict> {
  const reading = probeImage(() => source.size(), source.distance);
  const { value: judgement, reach } = await withHeadMemory((room) => performTo(reading, source, budget, room));
  const evidence = judgement.evidence.map(({ offset, detail }) => ({ offset, detail }));
  return {
    ...judgement,
    reach: judgement.reach === 'cut' ? 'cut' : reach,
    evidence,
    inspection: NOTHING_SEEN,
    cost: source.cost(),
  };
}

/**
 * The same as a reading, for a file of `size` bytes (null where unknown). `size` is called after the beginning was
 * read, because a server reports the size with its first answer. No `Unreadable` leaves this reading.
 */
export function* probeImage(size: () => number | null, distance: ByteSource['distance'] = 'far'): Reading<Judgement> {
  try {
    yield* readUpTo(0, distance === 'near' ? FIRST_STEP : HEAD_LENGTH);
    const bytes = distance === 'near' ? 'near' : 'cheap';
    return bounded(yield* judge({ size: size(), depth: 0, bytes }));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return bounded(undetermined(`cannot be read: ${error.message}`, null));
  }
}
