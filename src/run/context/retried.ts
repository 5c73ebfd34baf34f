import { setTimeout as sleep } from 'node:timers/promises';

import type { Database, Executor } from '../../db/database.ts';
import type { ErrorClass } from '../../db/dialect.ts';
import { serverMessage } from '../../db/driver-error.ts';
import type { ErrorCode } from '../../model/error-codes.ts';
import { RetypeError } from '../../model/error.ts';
import { type RetryBudget, retryBudget, RUN_BUDGET_MS } from '../../db/transaction/retry.ts';
import type { Lease } from '../../journal/lease.ts';
import type { ReadContext } from './context.ts';

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

const FAILURES: Readonly<Record<ErrorClass, readonly [code: ErrorCode, advice: string]>> = {
  conflict: ['DATABASE_BUSY', 'run the same command again at a quieter hour'],
  'connection-lost': [
    'DATABASE_UNREACHABLE',
    'run the same command again when the server is back; what was committed stays',
  ],
  'too-large': ['DATABASE_FAILED', 'use a smaller --batch-size'],
  'disk-full': [
    'DISK_FULL',
    'make room on the database server, then run the same command again; what was committed stays',
  ],
  'row-too-large': [
    'ROW_TOO_LARGE',
    'rebuild the table (MySQL and MariaDB: ALTER TABLE images FORCE), then run the same command again',
  ],
  'login-refused': ['DATABASE_LOGIN', 'check user and password in the address'],
  unreachable: ['DATABASE_UNREACHABLE', 'check host and port, and that the server runs'],
  'no-such-database': ['DATABASE_NOT_FOUND', 'check the database name in the address'],
  'permission-denied': ['MISSING_GRANT', 'grant the database user what is missing'],
  'read-only': ['SERVER_READ_ONLY', 'name the writable primary in --database-url'],
  fatal: [
    'DATABASE_FAILED',
    "read the server's message; what was committed stays, and the same command goes on from there",
  ],
};

/** Turns a driver's error into a registered one. The message omits the SQL text, which may hold row contents. */
export function databaseFailure(database: Database, error: unknown, kind: ErrorClass): RetypeError {
  const [code, advice] = FAILURES[kind];
  const found = serverMessage(error);
  return new RetypeError(code, { place: database.label, expected: 'a statement that succeeds', found, advice }, error);
}
