import { setTimeout as sleep } from 'node:timers/promises';

import type { Executor } from '../db/database.ts';
import { backOff } from '../db/retry.ts';
import { RetypeError } from '../model/error.ts';
import type { WriteContext } from './context.ts';
import { databaseFailure, serverMessage } from './database-failure.ts';

const ATTEMPTS = 12;

/**
 * Runs a transaction that may as well be done twice, until it goes through: after a conflict, and where the answer to COMMIT was lost.
 *
 * @throws RetypeError as `work` does, and for failures of the database.
 */
export async function retried<T>(
  { writer, onEvent, clock }: Pick<WriteContext, 'writer' | 'onEvent' | 'clock'>,
  work: (trx: Executor) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await writer.transaction(work);
    } catch (error) {
      if (error instanceof RetypeError) throw error;
      const kind = writer.dialect.classify(error);
      if (attempt >= ATTEMPTS || (kind !== 'conflict' && kind !== 'connection-lost'))
        throw databaseFailure(writer, error, kind);
      onEvent({ kind: 'retry', attempt, reason: serverMessage(error) });
      await clock.timed('wait', async () => sleep(backOff(attempt, Math.random())));
    }
  }
}
