import { countReplaced } from '../journal/entries.ts';
import type { JournalMeta } from '../journal/meta.ts';
import { findForeignResults, readUndoPage } from '../journal/results.ts';
import { chosenRuns, onlyOf, type RollbackScope, SAMPLE } from './rollback.ts';
import type { ReadContext } from './context/context.ts';
import { stopRequested } from './context/stop.ts';

/** What a rollback would do. */
export interface RollbackPreview {
  readonly end: 'finished' | 'stopped';
  /** Newest first. */
  readonly runs: readonly number[];
  /** Images whose results would be taken back. */
  readonly images: number;
  /** Journal rows that would be undone: several for an image that several of the runs have written. */
  readonly undone: number;
  /** Images of these that would have the result of an earlier run again. */
  readonly restored: number;
  /** Images whose result columns hold values of somebody else. */
  readonly conflictCount: number;
  /** At most `SAMPLE`. */
  readonly conflicts: readonly string[];
}

/**
 * Reads what `rollback` would undo, page by page as it does, and only counts.
 * @throws RetypeError NO_SUCH_RUN.
 */
export async function previewRollback(
  { reader, onEvent, stop, size }: Pick<ReadContext, 'reader' | 'onEvent' | 'stop' | 'size'>,
  { target }: Pick<JournalMeta, 'target'>,
  scope: RollbackScope,
): Promise<RollbackPreview> {
  const runs = (await chosenRuns(reader, scope)).map(({ id }) => id);
  const oldest = Math.min(...runs);
  const conflicts: string[] = [];
  const tally = { images: 0, undone: 0, restored: 0, conflictCount: 0 };
  const preview = (end: RollbackPreview['end']): RollbackPreview => ({ end, runs, ...tally, conflicts });
  onEvent({ kind: 'phase', phase: 'rollback', total: null });
  for (const runId of runs) {
    let after: string | null = null;
    for (;;) {
      const page = await readUndoPage(reader, target, { runId, after, limit: size.next(), only: onlyOf(scope) });
      if (page.length === 0) break;
      const taken = page.filter(({ state }) => state !== 'changed').map(({ entry }) => entry.imageId);
      const { chosen, earlier } = await countReplaced(reader, oldest, taken);
      tally.images += taken.length;
      // Undoing a run brings the row of the run before it back, which is then undone in its turn.
      tally.undone += taken.length + chosen;
      tally.restored += earlier;
      for (const { entry } of page.filter(({ state }) => state === 'changed')) {
        tally.conflictCount += 1;
        if (conflicts.length < SAMPLE) conflicts.push(entry.imageId);
      }
      after = page.at(-1)?.entry.imageId ?? after;
      onEvent({ kind: 'progress', done: tally.images });
      if (await stopRequested(stop)) return preview('stopped');
    }
  }
  if (scope.kind === 'everything' && target.kind === 'columns') {
    const { count, ids } = await findForeignResults(reader, target.names, SAMPLE - conflicts.length);
    tally.conflictCount += count;
    conflicts.push(...ids);
  }
  return preview('finished');
}
