import { setTimeout as sleep } from 'node:timers/promises';

import type { ErrorClass } from '../../db/dialect.ts';
import type { Database, Executor } from '../../db/database.ts';
import { type RetryBudget, retryBudget, RUN_BUDGET_MS } from '../../db/transaction/retry.ts';
import { RetypeError } from '../../model/error.ts';
import type { EventListener } from '../../model/event.ts';
import type { PhaseClock } from './phase-clock.ts';
import { serverMessage } from '../../db/driver-error.ts';
import { databaseFailure } from './database-failure.ts';

/** Where transactions run, and who is told of each retry. */
export interface Retrying {
  readonly writer: Database;
  readonly onEvent: EventListener;
  readonly clock: PhaseClock;
}

/**
 * Runs a transaction that may as well be done twice, until it goes through: after a conflict, where the answer to COMMIT was lost, and while
 * the server is away for a while.
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

/** Waits before the next try. @returns false at once where there is to be none. */
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
