import { randomUUID } from 'node:crypto';

import { type BatchRecord, rowsOfCommitted } from '../../journal/batches.ts';
import { storeDecisions } from '../../journal/decisions.ts';
import type { ErrorClass } from '../../db/dialect.ts';
import { type RetryBudget, retryBudget, RUN_BUDGET_MS } from '../../db/transaction/retry.ts';
import { RetypeError } from '../../model/error.ts';
import type { EventListener } from '../../model/event.ts';
import { halve, type BatchWork } from './batch-work.ts';
import { timestamp } from '../context/context.ts';
import { type PhaseClock } from '../context/phase-clock.ts';
import { serverMessage } from '../../db/driver-error.ts';
import { databaseFailure } from '../context/database-failure.ts';
import { pauseWithin } from '../context/retried.ts';
import { findStaleRows, type Staleness, StaleBatchError, writeBatch, type BatchPlace } from './write-batch.ts';

/** What came of one batch. */
export interface BatchResult {
  readonly written: number;
  /** Rows left out because they changed meanwhile; a tail pass takes them. */
  readonly changed: readonly string[];
  /** Rows left out because their result columns hold foreign values. */
  readonly foreign: readonly string[];
}

/** What all commits of one invocation have in common. */
export interface Committing {
  readonly place: BatchPlace;
  readonly runId: number;
  /** The next free number of a batch. */
  readonly nextNumber: () => number;
  readonly onEvent: EventListener;
  readonly clock: PhaseClock;
  /** Called with the rows and the milliseconds of a transaction that was committed. */
  readonly took: (rows: number, milliseconds: number) => void;
}

/**
 * Commits one batch. It waits out conflicts and a server that is away for a short time, all within one budget; leaves
 * rows out that changed; and splits a write set that is too large.
 *
 * A COMMIT whose answer was lost is never guessed at. It may even arrive late, while the batch is being tried again:
 * the first attempt then still holds its locks, and the next one waits for them at the row of the batch, which both
 * insert. All attempts have the same uuid, so whichever commits is found by it.
 *
 * @throws RetypeError LEASE_LOST, DATABASE_BUSY, DATABASE_UNREACHABLE, OUTCOME_UNKNOWN, DISK_FULL, DATABASE_FAILED.
 */
export async function commitBatch(committing: Committing, work: BatchWork): Promise<BatchResult> {
  const { place, clock, onEvent } = committing;
  const record = describeBatch(committing.runId, committing.nextNumber(), work);
  const leftOut = new Map<string, Staleness['kind']>();
  const budget = retryBudget(RUN_BUDGET_MS);
  const result = (written: number): BatchResult => ({
    written,
    changed: idsOf(leftOut, 'changed'),
    foreign: idsOf(leftOut, 'foreign-value'),
  });
  // Whether the outcome of an attempt's COMMIT is unknown.
  let inDoubt = false;
  // Where rows turn out to have changed, every row is written by its id, so that they can be left out.
  let { shared } = work;
  for (;;) {
    const rows = leftOut.size === 0 ? work.rows : work.rows.filter(({ image }) => !leftOut.has(image.id));
    try {
      await storeDecisions(place.writer, place.cache, new Set(rows.map(({ form }) => form)));
      const began = performance.now();
      const attempt = { range: work.range, rows, shared };
      await clock.timed('write', async () =>
        place.writer.transaction(async (trx) =>
          writeBatch(place, trx, { ...record, rowsWritten: rows.length }, attempt),
        ),
      );
      const milliseconds = performance.now() - began;
      committing.took(work.rowsRead, milliseconds);
      onEvent({ kind: 'batch', ...told(record, rows.length), milliseconds });
      return result(rows.length);
    } catch (error) {
      if (error instanceof RetypeError) throw error;
      const isStale = error instanceof StaleBatchError;
      if (isStale) shared = null;
      const kind = isStale ? 'conflict' : place.writer.dialect.classify(error);
      inDoubt ||= kind === 'connection-lost';
      const asking: Asking = { committing, budget, record, inDoubt };
      const stale = isStale ? await answered(asking, async () => findStaleRows(place, rows)) : [];
      // Asked last: if the batch were committed before the rows are read, its own results would pass for foreign
      // values.
      const committed = inDoubt ? await answered(asking, async () => rowsOfCommitted(place.writer, record)) : null;
      if (committed !== null) return result(committed);
      for (const { id, kind: why } of stale) leftOut.set(id, why);
      const halves = kind === 'too-large' ? halve(work) : null;
      if (halves !== null) {
        // This attempt got past the row of the batch, so no earlier attempt can still commit.
        onEvent({ kind: 'note', text: `batch ${record.batch} is too large for the server; split in two` });
        return commitHalves(committing, halves);
      }
      if (!(await pauseWithin(budget, committing, error, kind))) throw await failureOf(place, record, error, kind);
    }
  }
}

function idsOf(leftOut: ReadonlyMap<string, Staleness['kind']>, why: Staleness['kind']): readonly string[] {
  return [...leftOut].filter(([, kind]) => kind === why).map(([id]) => id);
}

async function commitHalves(committing: Committing, halves: readonly [BatchWork, BatchWork]): Promise<BatchResult> {
  const first = await commitBatch(committing, halves[0]);
  const second = await commitBatch(committing, halves[1]);
  return {
    written: first.written + second.written,
    changed: [...first.changed, ...second.changed],
    foreign: [...first.foreign, ...second.foreign],
  };
}

interface Asking {
  readonly committing: Committing;
  readonly budget: RetryBudget;
  readonly record: BatchRecord;
  readonly inDoubt: boolean;
}

async function answered<T>({ committing, budget, record, inDoubt }: Asking, ask: () => Promise<T>): Promise<T> {
  const { place } = committing;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof RetypeError && !inDoubt) throw error;
      const kind = place.writer.dialect.classify(error);
      if (await pauseWithin(budget, committing, error, kind)) continue;
      if (!inDoubt) throw await failureOf(place, record, error, kind);
      throw outcomeUnknown(place, record, error);
    }
  }
}

/**
 * Names an error that no further attempt would mend. A process that took the lease over writes batches of the same
 * numbers, so ours meet a duplicate key before they assert the lease; the server's word for that would mislead the
 * operator.
 */
async function failureOf(
  { writer, lease }: BatchPlace,
  { batch }: BatchRecord,
  error: unknown,
  kind: ErrorClass,
): Promise<RetypeError> {
  try {
    await writer.transaction(async (trx) => lease.assertHeld(trx));
  } catch (lost) {
    // Of any other failure here, the error that led here says more.
    if (lost instanceof RetypeError && lost.code === 'LEASE_LOST') return lost;
  }
  return kind === 'conflict' ? tooBusy(batch, error) : databaseFailure(writer, error, kind);
}

function outcomeUnknown({ writer }: BatchPlace, { batch, runId }: BatchRecord, cause: unknown): RetypeError {
  return new RetypeError(
    'OUTCOME_UNKNOWN',
    {
      place: `batch ${batch} of run ${runId} in ${writer.label}`,
      expected: 'an answer whether the batch was committed',
      found: serverMessage(cause),
      advice: 'run the same command again when the database is back; it looks for the batch first',
    },
    cause,
  );
}

function describeBatch(runId: number, batch: number, work: BatchWork): BatchRecord {
  return {
    runId,
    batch,
    uuid: randomUUID(),
    pass: work.pass,
    range: work.covers === 'range' ? work.range : null,
    rowsRead: work.rowsRead,
    rowsWritten: work.rows.length,
    counts: work.counts,
    committedAt: timestamp(),
  };
}

/** A batch as events tell of it. Only the first pass meets each row once. */
function told({ batch, pass, rowsRead, counts }: BatchRecord, written: number) {
  const undecided = pass === 1 ? counts.ambiguous + counts.unmappable : 0;
  return { batch, pass, rows: rowsRead, written, undecided };
}

function tooBusy(batch: number, cause: unknown): RetypeError {
  return new RetypeError(
    'DATABASE_BUSY',
    {
      place: `batch ${batch}`,
      expected: `a commit within ${RUN_BUDGET_MS / 1000} s`,
      found: serverMessage(cause),
      advice: 'run the same command again later, or with a smaller --batch-size; what was committed stays',
    },
    cause,
  );
}
