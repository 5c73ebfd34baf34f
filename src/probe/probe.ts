import { NOTHING_SEEN, type Inspection } from '../model/inspection.ts';
import type { Verdict } from '../model/verdict.ts';
import { DEFAULT_BUDGET, type Budget } from './reading/budget.ts';
import { HEAD_LENGTH } from './reading/fields.ts';
import { withHeadMemory } from './perform/head-pages.ts';
import { inspect } from './inspection/inspection.ts';
import { judgeSight, look } from './judge.ts';
import { bounded, undetermined, type Judgement } from './judgement/judgement.ts';
import { FIRST_STEP, type Layer } from './reading/layer.ts';
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
  const { value, reach } = await withHeadMemory((room) => performTo(reading, source, budget, room));
  const { judgement, inspection } = value;
  const evidence = judgement.evidence.map(({ offset, detail }) => ({ offset, detail }));
  return {
    ...judgement,
    reach: judgement.reach === 'cut' ? 'cut' : reach,
    evidence,
    inspection,
    cost: source.cost(),
  };
}

/** What a file is, and what the inspections of OpenStack's services see of it. */
export interface Probed {
  readonly judgement: Judgement;
  readonly inspection: Inspection;
}

/**
 * The same as a reading, for a file of `size` bytes (null where unknown). `size` is called after the beginning was
 * read, because a server reports the size with its first answer. No `Unreadable` leaves this reading.
 */
export function* probeImage(size: () => number | null, distance: ByteSource['distance'] = 'far'): Reading<Probed> {
  try {
    yield* readUpTo(0, distance === 'near' ? FIRST_STEP : HEAD_LENGTH);
    const layer: Layer = { size: size(), depth: 0, bytes: distance === 'near' ? 'near' : 'cheap' };
    const sight = yield* look(layer);
    const judgement = yield* judgeSight(sight, layer);
    return { judgement: bounded(judgement), inspection: yield* inspect(layer.size, sight.opened) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return {
      judgement: bounded(undetermined(`cannot be read: ${error.message}`, null)),
      inspection: NOTHING_SEEN,
    };
  }
}
