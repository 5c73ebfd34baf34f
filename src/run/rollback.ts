import { ENTRY_SELECTION, JOINED_DECISION, restoreEntries, toEntry, type JournalEntry } from '../journal/entries.ts';
import { inLists, marks } from '../journal/id-lists.ts';
import type { Lease } from '../journal/lease.ts';
import { columnList, type JournalMeta } from '../journal/meta.ts';
import { finishRun, listRuns, noteUndone, type RunRecord } from '../journal/runs.ts';
import { JOURNAL_TABLE, UNDO_TABLE } from '../journal/tables.ts';
import { LONG_READ_LIMITS } from '../db/transaction/deadlines.ts';
import type { Database, Executor, SqlValue } from '../db/database.ts';
import { retryBudget, RUN_BUDGET_MS } from '../db/transaction/retry.ts';
import { RetypeError } from '../model/error.ts';
import { type ReadContext, timestamp } from './context/context.ts';
import { stopRequested } from './context/stop.ts';
import { databaseFailure } from './context/database-failure.ts';
import { pauseWithin, retried, type Retrying } from './context/retried.ts';
import { resultsFromJournal, StaleBatchError, updateFromJournal, withdrawResults } from './migrate/write-batch.ts';

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
  /** Journal rows undone. */
  readonly undone: number;
  /**
   * Images whose result columns somebody else changed or filled: listed, never overwritten or dropped. At most
   * `SAMPLE`.
   */
  readonly conflicts: readonly string[];
  readonly conflictCount: number;
  readonly runs: readonly number[];
}

/** What rollback works with: it decides nothing and reads only what it undoes. */
export type RollbackContext = Retrying & Pick<ReadContext, 'size' | 'stop'>;

const SAMPLE = 1000;

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
  const runs = (await listRuns(context.writer)).filter((run) => run.state !== 'rolled-back').reverse();
  const chosen = scope.kind === 'from-run' ? runs.filter((run) => run.id >= scope.runId) : runs;
  if (scope.kind === 'from-run' && !runs.some((run) => run.id === scope.runId)) {
    throw noSuchRun(scope.runId, runs);
  }
  const [total] = await context.writer.query(`SELECT COUNT(*) AS n FROM ${JOURNAL_TABLE}`, [], LONG_READ_LIMITS);
  context.onEvent({ kind: 'phase', phase: 'rollback', total: Number(total?.['n'] ?? 0) });
  const tally: Tally = { undone: 0, conflicts: [], conflictCount: 0 };
  const done: number[] = [];
  for (const run of chosen) {
    const end = await undoRun(context, lease, meta, scope, run, tally);
    if (end === 'stopped') {
      return { ...tally, end, runs: done };
    }
    done.push(run.id);
    if ((scope.kind === 'everything' || scope.kind === 'from-run') && tally.conflictCount === 0) {
      await retried(context, async (trx) => {
        await lease.assertHeld(trx);
        await finishRun(trx, run.id, 'rolled-back', timestamp(), null);
      });
    }
  }
  if (scope.kind === 'everything') await addForeignResults(context.writer, meta, tally);
  return { ...tally, end: 'finished', runs: done };
}

/**
 * Adds images whose result columns are filled although the journal has no row: somebody else's values, which would be
 * dropped with the columns.
 */
async function addForeignResults(writer: Database, { target }: JournalMeta, tally: Tally): Promise<void> {
  if (target.kind === 'table') return;
  const filled = columnList(target.names).map((name) => `i.${writer.dialect.quote(name)} IS NOT NULL`);
  const from = `FROM images i LEFT JOIN ${JOURNAL_TABLE} r ON r.image_id = i.id WHERE r.image_id IS NULL AND (${filled.join(' OR ')})`;
  const [row] = await writer.query(`SELECT COUNT(*) AS n ${from}`, [], LONG_READ_LIMITS);
  const count = Number(row?.['n'] ?? 0);
  const room = SAMPLE - tally.conflicts.length;
  tally.conflictCount += count;
  if (count === 0 || room === 0) return;
  const found = await writer.query(`SELECT i.id ${from} ORDER BY i.id LIMIT ${room}`, [], LONG_READ_LIMITS);
  tally.conflicts.push(...found.map(({ id }) => String(id)));
}

interface Tally {
  undone: number;
  conflictCount: number;
  readonly conflicts: string[];
}

/** A journal row with the state of the image now. */
interface Candidate {
  readonly entry: JournalEntry;
  readonly state: 'as-written' | 'changed' | 'gone';
}

async function undoRun(
  context: RollbackContext,
  lease: Lease,
  meta: JournalMeta,
  scope: RollbackScope,
  run: RunRecord,
  tally: Tally,
): Promise<'finished' | 'stopped'> {
  let after: string | null = null;
  let budget = retryBudget(RUN_BUDGET_MS);
  // The limit after a page that was too large for the server; later pages stay below it.
  let most = Number.POSITIVE_INFINITY;
  for (;;) {
    let page: readonly Candidate[] = [];
    try {
      page = await readCandidates(context, meta, scope, { runId: run.id, after, most });
      if (page.length === 0) return 'finished';
      const began = performance.now();
      tally.undone += await undoPage(context, lease, meta, run.id, page);
      context.clock.add('write', performance.now() - began);
      context.size.took(page.length, performance.now() - began);
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
    if (await stopRequested(context.stop)) {
      return 'stopped';
    }
  }
}

interface PagePlace {
  readonly runId: number;
  /** The last image of the page before; null at the beginning. */
  readonly after: string | null;
  /** Rows, at most. */
  readonly most: number;
}

async function readCandidates(
  context: RollbackContext,
  meta: JournalMeta,
  scope: RollbackScope,
  { runId, after, most }: PagePlace,
): Promise<readonly Candidate[]> {
  const { dialect } = context.writer;
  const names = meta.target.kind === 'columns' ? columnList(meta.target.names) : [];
  const stored = ['d.image_type', 'd.container_type', 'd.envelope'];
  const asWritten = names.map((name, index) => dialect.sameBytes(`i.${dialect.quote(name)}`, stored[index] ?? ''));
  // Somebody else cleared them already: nothing is left to undo.
  const cleared = ['1 = 1', ...names.map((name) => `i.${dialect.quote(name)} IS NULL`)].join(' AND ');
  const filters = ['r.run_id = ?'];
  const bindings: SqlValue[] = [runId];
  if (after !== null) {
    filters.push('r.image_id > ?');
    bindings.push(after);
  }
  if (scope.kind === 'owner') {
    filters.push('i.owner = ?');
    bindings.push(scope.owner);
  } else if (scope.kind === 'image') {
    filters.push('r.image_id = ?');
    bindings.push(scope.imageId);
  }
  const rows = await context.writer.query(
    `SELECT ${ENTRY_SELECTION}, CASE WHEN i.id IS NULL THEN 'gone' WHEN ${['1 = 1', ...asWritten].join(' AND ')} THEN 'as-written' WHEN ${cleared} THEN 'gone' ELSE 'changed' END AS present_state
     FROM ${JOURNAL_TABLE} r ${JOINED_DECISION} LEFT JOIN images i ON i.id = r.image_id
     WHERE ${filters.join(' AND ')} ORDER BY r.image_id LIMIT ${Math.min(context.size.next(), most)}`,
    bindings,
  );
  return rows.map((row) => ({ entry: toEntry(row), state: String(row['present_state']) as Candidate['state'] }));
}

async function undoPage(
  context: RollbackContext,
  lease: Lease,
  meta: JournalMeta,
  runId: number,
  page: readonly Candidate[],
): Promise<number> {
  const undone = page.filter(({ state }) => state !== 'changed').map(({ entry }) => entry);
  const ids = undone.map(({ imageId }) => imageId);
  const present = page.filter(({ state }) => state === 'as-written').map(({ entry }) => entry.imageId);
  if (ids.length === 0) {
    return 0;
  }
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
    if (restored > 0) await rewriteResults(context, meta, trx, present);
  });
  return ids.length;
}

/** Writes back the results of the earlier run whose journal rows were restored. */
async function rewriteResults(
  context: RollbackContext,
  meta: JournalMeta,
  trx: Executor,
  ids: readonly string[],
): Promise<void> {
  if (meta.target.kind !== 'columns') {
    return;
  }
  const { names } = meta.target;
  for (const chunk of inLists(ids)) {
    const list = { sql: `r.image_id IN (${marks(chunk)})`, bindings: chunk };
    await context.writer.dialect.updateJoined(trx, updateFromJournal(resultsFromJournal(names), list));
  }
}

/** Whether no journal row and no before-image is left, of any run. */
export async function journalIsEmpty(executor: Executor): Promise<boolean> {
  const rows = await executor.query(`SELECT image_id FROM ${JOURNAL_TABLE} LIMIT 1`);
  const undo = await executor.query(`SELECT image_id FROM ${UNDO_TABLE} LIMIT 1`);
  return rows.length === 0 && undo.length === 0;
}

function noSuchRun(runId: number, runs: readonly RunRecord[]): RetypeError {
  return new RetypeError('NO_SUCH_RUN', [
    {
      place: '--run',
      expected:
        runs.length === 0 ? 'a run, but there is none to undo' : `one of ${runs.map((run) => run.id).join(', ')}`,
      found: String(runId),
      advice: 'see the runs with `glance-retype status`',
    },
  ]);
}
