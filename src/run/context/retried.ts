import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Executor } from '../../db/database.ts';
import type { ErrorClass } from '../../db/dialect.ts';
import { serverMessage } from '../../db/driver-error.ts';
import { RetypeError } from '../../model/error.ts';
import { type RetryBudget, retryBudget, RUN_BUDGET_MS } from '../../db/transaction/retry.ts';
import type { Lease } from '../../journal/lease.ts';
import type { ReadContext } from './context.ts';
import { databaseFailure } from './database-failure.ts';

/** Where transactions run, and what is told of each retry. */
export interface Retrying extends Pick<ReadContext, 'onEvent' | 'clock'> {
  readonly writer: Database;
}

/**
 * Runs a transaction until it commits: again after a conflict, after a lost answer to COMMIT, and while the server is
 * away for a short time. The work must be safe to do twice.
 *
 * @throws RetypeError as `work` does, and for failures of the database.
 */
export async function retried<T>(context: Retrying, work: (trx: Executor) => Promise<T>): Promise<T> {
  const { writer } = context;
  const budget = retryBudget(RUN_BUDGET_MS);
  for (;;) {
    try {
      return await writer.transaction(work);
    } catch (error) {
      if (error instanceof RetypeError) throw error;
      const kind = writer.dialect.classify(error);
      if (!(await pauseWithin(budget, context, error, kind))) throw databaseFailure(writer, error, kind);
    }
  }
}

/**
 * Runs a transaction in which no other process changes the record of a run, and repeats it until it commits.
 * @throws RetypeError LEASE_LOST, and for failures of the database.
 */
export type TransactAlone = <T>(work: (trx: Executor) => Promise<T>) => Promise<T>;

/** Binds the lease that every such transaction asserts. */
export function transactAlone(context: Retrying, lease: Lease): TransactAlone {
  return async (work) =>
    retried(context, async (trx) => {
      await lease.assertAlone(trx);
      return work(trx);
    });
}

/** Waits before the next attempt. @returns false at once where the budget allows none. */
export async function pauseWithin(
  budget: RetryBudget,
  { onEvent, clock }: Pick<Retrying, 'onEvent' | 'clock'>,
  error: unknown,
  kind: ErrorClass,
): Promise<boolean> {
  const pause = budget.next(kind, performance.now(), Math.random());
  if (pause === null) return false;
  onEvent({ kind: 'retry', attempt: pause.attempt, reason: serverMessage(error) });
  await clock.timed('wait', async () => sleep(pause.milliseconds));
  return true;
}
