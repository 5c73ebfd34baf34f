import { countEntries, restoreEntries } from '../journal/entries.ts';
import type { Database } from '../db/database.ts';
import type { Lease } from '../journal/lease.ts';
import type { JournalMeta } from '../journal/meta.ts';
import type { UndoCandidate, UndoPage } from '../journal/results.ts';
import { rewriteResults, withdrawResults, findForeignResults, readUndoPage } from '../journal/results.ts';
import { finishRun, listRuns, noteUndone, type RunRecord } from '../journal/runs.ts';
import { retryBudget, RUN_BUDGET_MS } from '../db/transaction/retry.ts';
import { RetypeError } from '../model/error.ts';
import type { StopCause } from '../model/event.ts';
import { timestamp } from './context/context.ts';
import type { MigrateContext } from './migrate/pass.ts';
import { stopRequested } from './context/stop.ts';
import { databaseFailure } from './context/database-failure.ts';
import { pauseWithin, retried, type Retrying } from './context/retried.ts';
import { StaleBatchError } from './migrate/write-batch.ts';

/** What to undo. */
export type RollbackScope =
  /** Every run, newest first. When no row is left, expand is undone as well. */
  | { readonly kind: 'everything' }
  /** That run and all newer runs, newest first. */
  | { readonly kind: 'from-run'; readonly runId: number }
  | { readonly kind: 'owner'; readonly owner: string }
  | { readonly kind: 'image'; readonly imageId: string };

export interface RollbackResult {
  readonly end: 'finished' | 'stopped';
  /** null where it is finished. */
  readonly stoppedBy: StopCause | null;
  /** Journal rows undone. */
  readonly undone: number;
  /** Journal rows undone, and those that there were when it began; not all of them need be meant. */
  readonly rows: { readonly done: number; readonly total: number };
  /**
   * Images whose result columns somebody else changed or filled: listed, never overwritten or dropped. At most
   * `SAMPLE`.
   */
  readonly conflicts: readonly string[];
  readonly conflictCount: number;
  readonly runs: readonly number[];
}

/** What rollback works with: it decides nothing and reads only what it undoes. */
export type RollbackContext = Retrying & Pick<MigrateContext, 'size' | 'stop' | 'brake'>;

/** Conflicts that are listed. */
export const SAMPLE = 1000;

/**
 * Undoes runs from the journal, newest first, one page of images a transaction. A row is undone only where the result
 * columns still hold what the journal says was written. Resumable: rows that were undone have left the journal.
 *
 * @throws RetypeError NO_SUCH_RUN, LEASE_LOST, DATABASE_BUSY and other database failures.
 */
export async function rollback(
  context: RollbackContext,
  lease: Lease,
  meta: JournalMeta,
  scope: RollbackScope,
): Promise<RollbackResult> {
  const chosen = await chosenRuns(context.writer, scope);
  const total = await countEntries(context.writer);
  context.onEvent({ kind: 'phase', phase: 'rollback', total });
  const tally: Tally = { undone: 0, batches: 0, conflicts: [], conflictCount: 0 };
  const done: number[] = [];
  for (const run of chosen) {
    context.onEvent({ kind: 'run', id: run.id, state: 'undone', shard: null });
    const end = await undoRun(context, lease, meta, scope, run, tally);
    if (end === 'stopped') {
      return { ...tally, rows: { done: tally.undone, total }, end, stoppedBy: context.brake.stoppedBy(), runs: done };
    }
    done.push(run.id);
    if ((scope.kind === 'everything' || scope.kind === 'from-run') && tally.conflictCount === 0) {
      await retried(context, async (trx) => {
        await lease.assertHeld(trx);
        await finishRun(trx, run.id, 'rolled-back', timestamp(), null);
      });
    }
  }
  if (scope.kind === 'everything' && meta.target.kind === 'columns') {
    // Somebody else's values, in columns of which the journal has no row, would be dropped with the columns.
    const room = SAMPLE - tally.conflicts.length;
    const { count, ids } = await findForeignResults(context.writer, meta.target.names, room);
    tally.conflictCount += count;
    tally.conflicts.push(...ids);
  }
  return { ...tally, rows: { done: tally.undone, total }, end: 'finished', stoppedBy: null, runs: done };
}

/**
 * The runs to undo, newest first.
 * @throws RetypeError NO_SUCH_RUN.
 */
export async function chosenRuns(database: Database, scope: RollbackScope): Promise<readonly RunRecord[]> {
  const runs = (await listRuns(database)).filter((run) => run.state !== 'rolled-back').reverse();
  if (scope.kind !== 'from-run') return runs;
  if (!runs.some((run) => run.id === scope.runId)) throw noSuchRun(scope.runId, runs);
  return runs.filter((run) => run.id >= scope.runId);
}

interface Tally {
  undone: number;
  batches: number;
  conflictCount: number;
  readonly conflicts: string[];
}

async function undoRun(
  context: RollbackContext,
  lease: Lease,
  meta: JournalMeta,
  scope: RollbackScope,
  run: RunRecord,
  tally: Tally,
): Promise<'finished' | 'stopped'> {
  const only = onlyOf(scope);
  let after: string | null = null;
  let budget = retryBudget(RUN_BUDGET_MS);
  // The limit after a page that was too large for the server; later pages stay below it.
  let most = Number.POSITIVE_INFINITY;
  for (;;) {
    let page: readonly UndoCandidate[] = [];
    try {
      page = await readUndoPage(context.writer, meta.target, {
        runId: run.id,
        after,
        limit: Math.min(context.size.next(), most),
        only,
      });
      if (page.length === 0) return 'finished';
      if ((await context.brake.before('counts')) === 'end') return 'stopped';
      const began = performance.now();
      const written = await undoPage(context, lease, meta, run.id, page);
      const took = performance.now() - began;
      tally.undone += written;
      tally.batches += 1;
      const told = { batch: tally.batches, pass: 1, rows: page.length, written, undecided: 0 };
      context.onEvent({ kind: 'batch', ...told, milliseconds: took });
      context.clock.add('write', took);
      context.size.took(page.length, took);
      await context.brake.after(took);
    } catch (error) {
      if (error instanceof RetypeError) throw error;
      const kind = error instanceof StaleBatchError ? 'conflict' : context.writer.dialect.classify(error);
      if (kind === 'too-large' && page.length > 1) {
        most = Math.ceil(page.length / 2);
        context.onEvent({ kind: 'note', text: `${page.length} images are too many at once for the server; halved` });
      } else if (!(await pauseWithin(budget, context, error, kind))) {
        throw databaseFailure(context.writer, error, kind);
      }
      // The page is read again: if a COMMIT whose answer was lost did happen, its rows have left the run and do not
      // come back.
      if (await stopRequested(context.stop)) return 'stopped';
      continue;
    }
    budget = retryBudget(RUN_BUDGET_MS);
    for (const { entry } of page.filter(({ state }) => state === 'changed')) {
      tally.conflictCount += 1;
      if (tally.conflicts.length < SAMPLE) {
        tally.conflicts.push(entry.imageId);
      }
    }
    after = page.at(-1)?.entry.imageId ?? after;
    context.onEvent({ kind: 'progress', done: tally.undone });
    if (await stopRequested(context.stop)) return 'stopped';
  }
}

/** The filter of a scope on the journal rows of a run. */
export function onlyOf(scope: RollbackScope): UndoPage['only'] {
  if (scope.kind === 'owner') return { column: 'i.owner', value: scope.owner };
  return scope.kind === 'image' ? { column: 'r.image_id', value: scope.imageId } : null;
}

async function undoPage(
  context: RollbackContext,
  lease: Lease,
  meta: JournalMeta,
  runId: number,
  page: readonly UndoCandidate[],
): Promise<number> {
  const undone = page.filter(({ state }) => state !== 'changed').map(({ entry }) => entry);
  const ids = undone.map(({ imageId }) => imageId);
  const present = page.filter(({ state }) => state === 'as-written').map(({ entry }) => entry.imageId);
  if (ids.length === 0) return 0;
  await context.writer.transaction(async (trx) => {
    await lease.assertHeld(trx);
    if (meta.target.kind === 'columns') {
      const matched = await withdrawResults(context.writer, trx, meta.target.names, present);
      if (matched !== present.length) {
        throw new StaleBatchError('result columns changed while they were taken back');
      }
    }
    const { removed, restored } = await restoreEntries(trx, runId, ids);
    if (removed !== ids.length) throw new StaleBatchError('journal rows changed while they were taken back');
    await noteUndone(trx, runId, undone, restored);
    if (restored > 0 && meta.target.kind === 'columns')
      await rewriteResults(context.writer, trx, meta.target.names, present);
  });
  return ids.length;
}

function noSuchRun(runId: number, runs: readonly RunRecord[]): RetypeError {
  return new RetypeError('NO_SUCH_RUN', {
    place: '--run',
    expected: runs.length === 0 ? 'a run, but there is none to undo' : `one of ${runs.map((run) => run.id).join(', ')}`,
    found: String(runId),
    advice: 'see the runs with `glance-retype status`',
  });
}
