import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { batchExists, type BatchRecord } from '../journal/batches.ts';
import { storeDecisions, storedForm } from '../journal/decisions.ts';
import type { ErrorClass } from '../db/dialect.ts';
import { backOff } from '../db/retry.ts';
import { RetypeError } from '../model/error.ts';
import type { EventListener } from '../model/event.ts';
import { halve, type BatchWork } from './batch-work.ts';
import { timestamp } from './context.ts';
import { databaseFailure, serverMessage } from './database-failure.ts';
import type { PhaseClock } from './phase-clock.ts';
import { findStaleRows } from './stale-rows.ts';
import { StaleBatchError, writeBatch, type BatchPlace } from './write-batch.ts';

/** Tries for one batch before the run gives up; with full jitter up to 5 s that is about half a minute of conflicts. */
const ATTEMPTS = 12;

/** What became of one batch. */
export interface BatchResult {
  readonly written: number;
  /** Rows left out because they changed meanwhile; a tail pass takes them. */
  readonly changed: readonly string[];
  /** Rows left out because their result columns hold somebody else's values. */
  readonly foreign: readonly string[];
}

/** What commits have in common. */
export interface Committing {
  readonly place: BatchPlace;
  readonly runId: number;
  /** The next free number of a batch. */
  readonly nextNumber: () => number;
  readonly onEvent: EventListener;
  readonly clock: PhaseClock;
  /** Told what a transaction took that went through, milliseconds. */
  readonly took: (rows: number, milliseconds: number) => void;
}

/**
 * Commits one batch, whatever it takes: conflicts are retried as a whole, rows that changed are left out, a write set that is
 * too large is split, and a COMMIT whose answer was lost is looked up by the batch's uuid, never guessed at.
 *
 * @throws RetypeError LEASE_LOST, DATABASE_BUSY, DATABASE_UNREACHABLE, OUTCOME_UNKNOWN, DATABASE_FAILED.
 */
export async function commitBatch(committing: Committing, work: BatchWork): Promise<BatchResult> {
  const { place, runId, onEvent, clock } = committing;
  const batch = committing.nextNumber();
  const changed = new Set<string>();
  const foreign = new Set<string>();
  for (let attempt = 1; ; attempt += 1) {
    const rows = work.rows.filter(({ image }) => !changed.has(image.id) && !foreign.has(image.id));
    const record = describeBatch(runId, batch, work, rows.length);
    const done: BatchResult = { written: rows.length, changed: [...changed], foreign: [...foreign] };
    try {
      await storeDecisions(
        place.writer,
        place.shelf,
        rows.map(({ decision, image }) => storedForm(decision, image)),
      );
      const began = performance.now();
      await clock.timed('write', async () =>
        place.writer.transaction(async (trx) => writeBatch(place, trx, record, work, rows)),
      );
      committing.took(work.rowsRead, performance.now() - began);
      return done;
    } catch (error) {
      if (error instanceof RetypeError) {
        throw error;
      }
      if (error instanceof StaleBatchError) {
        for (const stale of await findStaleRows(place.writer, place.target, rows)) {
          (stale.kind === 'changed' ? changed : foreign).add(stale.id);
        }
      } else {
        const kind = place.writer.dialect.classify(error);
        const halves = kind === 'too-large' ? halve(work) : null;
        if (halves !== null) {
          onEvent({ kind: 'note', text: `batch ${batch} is too large for the server; split in two` });
          return commitHalves(committing, halves);
        }
        if (kind !== 'conflict' && kind !== 'connection-lost') {
          throw await failureOf(place, error, kind);
        }
        if (await wasCommitted(place, record, error)) {
          return done;
        }
      }
      if (attempt >= ATTEMPTS) {
        throw tooBusy(batch, error);
      }
      onEvent({ kind: 'retry', attempt, reason: serverMessage(error) });
      await clock.timed('wait', async () => sleep(backOff(attempt, Math.random())));
    }
  }
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

/**
 * What an error means that no other try would mend. Whoever took the lease over has written batches of the same numbers: they are in the
 * way of ours before it comes to assert the lease, and the server's word for that, a duplicate key, would lead the operator astray.
 */
async function failureOf({ writer, lease }: BatchPlace, error: unknown, kind: ErrorClass): Promise<RetypeError> {
  try {
    await writer.transaction(async (trx) => lease.assertHeld(trx));
  } catch (lost) {
    // Whatever else went wrong here, the error that brought us here says more.
    if (lost instanceof RetypeError) return lost;
  }
  return databaseFailure(writer, error, kind);
}

/** Asks the database, on a fresh connection, whether the batch is there. */
async function wasCommitted(place: BatchPlace, record: BatchRecord, cause: unknown): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await batchExists(place.writer, record.uuid);
    } catch (error) {
      if (attempt >= ATTEMPTS) {
        throw new RetypeError(
          'OUTCOME_UNKNOWN',
          [
            {
              place: `batch ${record.batch} of run ${record.runId} in ${place.writer.label}`,
              expected: 'an answer whether the batch was committed',
              found: serverMessage(error),
              advice: 'run the same command again when the database is back; it looks for the batch first',
            },
          ],
          cause,
        );
      }
      await sleep(backOff(attempt, Math.random()));
    }
  }
}

function describeBatch(runId: number, batch: number, work: BatchWork, written: number): BatchRecord {
  return {
    runId,
    batch,
    uuid: randomUUID(),
    pass: work.pass,
    range: work.settles === 'range' ? work.range : null,
    rowsRead: work.rowsRead,
    rowsWritten: written,
    counts: work.counts,
    committedAt: timestamp(),
  };
}

function tooBusy(batch: number, cause: unknown): RetypeError {
  return new RetypeError(
    'DATABASE_BUSY',
    [
      {
        place: `batch ${batch}`,
        expected: `a commit within ${ATTEMPTS} tries`,
        found: serverMessage(cause),
        advice: 'run the same command again later, or with a smaller --batch-size; what was committed stays',
      },
    ],
    cause,
  );
}
