import { setTimeout as sleep } from 'node:timers/promises';

import type { Database } from '../../db/database.ts';
import { DDL_LIMITS } from '../../db/transaction/deadlines.ts';
import type { Dialect } from '../../db/dialect.ts';
import { retryBudget } from '../../db/transaction/retry.ts';
import { RetypeError } from '../../model/error.ts';
import { type ReadContext } from '../context/context.ts';
import { stopRequested } from '../context/stop.ts';
import { serverMessage } from '../../db/driver-error.ts';
import { databaseFailure } from '../context/database-failure.ts';

/** How long a change of the schema waits for tables that others hold, milliseconds. */
const BUDGET_MS = 600_000;

/** Between two tries, milliseconds: statements that queued behind ours run meanwhile. */
const LEAST_PAUSE_MS = 1000;

/** What a change of the schema works with. */
export interface SchemaContext extends Pick<ReadContext, 'onEvent' | 'stop'> {
  readonly writer: Database;
  /** Milliseconds for which tables that others hold are waited for; 10 minutes where nothing is said. */
  readonly budgetMs?: number;
}

/** Finds in the catalogue which DDL statements are still to be run; none where all is done. */
export type Remaining = () => Promise<readonly string[]>;

/**
 * Changes the schema until nothing remains to be done. Looks at the catalogue after each step and each failure, so
 * that a lost reply, or another process that does the same at the same time, does no harm.
 *
 * A statement waits for its table one second at a time, because all later statements, Glance's reads as well, queue
 * behind it.
 *
 * @throws RetypeError DATABASE_BUSY, ROW_TOO_LARGE, DISK_FULL, DDL_FAILED and other failures of the database, and what
 *   `remaining` throws.
 */
export async function changeSchema(
  { writer, onEvent, stop, budgetMs = BUDGET_MS }: SchemaContext,
  remaining: Remaining,
): Promise<'done' | 'stopped'> {
  let budget = retryBudget(budgetMs);
  let waits = 0;
  let steps: readonly string[] = [];
  for (;;) {
    try {
      steps = await remaining();
      if (steps.length === 0) return 'done';
      await carryOut(writer, steps);
      budget = retryBudget(budgetMs);
      waits = 0;
    } catch (error) {
      if (error instanceof RetypeError) throw error;
      const kind = writer.dialect.classify(error);
      const wait = budget.next(kind, performance.now(), Math.random());
      if (wait === null) {
        // Another process may have created or dropped the same thing a moment earlier.
        if (kind === 'fatal' && (await remaining()).length < steps.length) continue;
        throw schemaFailure(writer, error);
      }
      waits += 1;
      if (kind === 'conflict' && waits === 1) onEvent({ kind: 'note', text: waitingFor(steps[0] ?? '') });
      onEvent({ kind: 'retry', attempt: wait.attempt, reason: serverMessage(error) });
      await sleep(Math.max(LEAST_PAUSE_MS, wait.milliseconds));
      if (await stopRequested(stop)) return 'stopped';
    }
  }
}

/** Runs all steps in one transaction where the engine can undo DDL; elsewhere only the first step. */
async function carryOut(writer: Database, steps: readonly string[]): Promise<void> {
  const { dialect } = writer;
  if (!dialect.transactionalDdl) {
    for (const statement of dialect.waitingOneSecond(steps.slice(0, 1)))
      await writer.execute(statement, [], DDL_LIMITS);
    return;
  }
  await writer.transaction(async (trx) => {
    for (const statement of dialect.waitingOneSecond(steps)) await trx.execute(statement, [], DDL_LIMITS);
  });
}

/**
 * How to rebuild `images` beside a live Glance while columns are added or dropped. null where that has no effect or the
 * table is too large; dropped columns then stay hidden in it until somebody rebuilds it.
 */
export async function rebuildFor(writer: Database): Promise<NonNullable<Dialect['rebuild']> | null> {
  const { rebuild } = writer.dialect;
  return rebuild !== null && (await writer.dialect.tableBytes(writer, 'images')) <= rebuild.mostBytes ? rebuild : null;
}

function waitingFor(statement: string): string {
  const table = /table\W+(\w+)/iu.exec(statement)?.[1] ?? 'a table';
  return (
    `waiting for ${table}: another session holds it (an open transaction, a dump, another ALTER). ` +
    'Asks for it one second at a time, so that nobody queues behind this for longer'
  );
}

function schemaFailure(writer: Database, error: unknown): RetypeError {
  const kind = writer.dialect.classify(error);
  if (kind !== 'fatal' && kind !== 'conflict') return databaseFailure(writer, error, kind);
  return new RetypeError(
    kind === 'fatal' ? 'DDL_FAILED' : 'DATABASE_BUSY',
    {
      place: writer.label,
      expected: kind === 'fatal' ? 'a change of the schema that succeeds' : 'the table for a moment to itself',
      found: serverMessage(error),
      advice:
        kind === 'fatal'
          ? 'remove the cause and run the same command again; it goes on from there, and `rollback` takes back what was made'
          : 'find the session that holds the table and let it end, then run the same command again; it goes on from there',
    },
    error,
  );
}
