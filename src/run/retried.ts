import { setTimeout as sleep } from 'node:timers/promises';

import type { Executor } from '../db/database.ts';
import { retryBudget, RUN_BUDGET_MS } from '../db/retry.ts';
import { RetypeError } from '../model/error.ts';
import type { WriteContext } from './context.ts';
import { databaseFailure, serverMessage } from './database-failure.ts';

/**
 * Runs a transaction that may as well be done twice, until it goes through: after a conflict, and where the answer to COMMIT was lost.
 *
 * @throws RetypeError as `work` does, and for failures of the database.
 */
export async function retried<T>(
  { writer, onEvent, clock }: Pick<WriteContext, 'writer' | 'onEvent' | 'clock'>,
  work: (trx: Executor) => Promise<T>,
): Promise<T> {
  const budget = retryBudget(RUN_BUDGET_MS);
  for (;;) {
    try {
      return await writer.transaction(work);
    } catch (error) {
      if (error instanceof RetypeError) throw error;
      const kind = writer.dialect.classify(error);
      const wait = budget.next(kind, performance.now(), Math.random());
      if (wait === null) throw databaseFailure(writer, error, kind);
      onEvent({ kind: 'retry', attempt: wait.attempt, reason: serverMessage(error) });
      await clock.timed('wait', async () => sleep(wait.milliseconds));
    }
  }
}
