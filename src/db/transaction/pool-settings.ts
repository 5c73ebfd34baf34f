import type { Knex } from 'knex';

import type { BatchBounds } from '../dialect.ts';

/** Transactions of one process that may write side by side; the operator may ask for fewer. */
export const MOST_LANES = 8;

/** Lanes, the lease's heartbeat and the questions between them, each with a connection of its own; opened when they are needed. */
export const POOL_SIZE = MOST_LANES + 4;

/** Batches on a server of its own. Measured on MariaDB with 50 writes a second beside it: one in a hundred waits as long as a batch takes. */
export const SERVER_BATCHES: BatchBounds = { start: 300, least: 50, most: 10_000, target: 40 };

/** How long a first answer may take before the server counts as unreachable, milliseconds. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** How long a statement waits for a row lock before it gives up and the batch is tried again, seconds. */
export const LOCK_WAIT_S = 3;

/** How long an open transaction may wait for its next statement before the server ends it, seconds. */
export const OPEN_TRANSACTION_S = 10;

const ignore = (): void => {};

/**
 * Settings common to all engines. knex is silenced: its log prints errors that the caller gets anyway. And it must not
 * write a statement's values into an error's message: rows do not belong into logs.
 */
export const QUIET: Pick<Knex.Config, 'log' | 'compileSqlOnError' | 'useNullAsDefault' | 'acquireConnectionTimeout'> = {
  // All may be lent for long; each statement has a limit of its own, so that this one is never met first.
  acquireConnectionTimeout: 2 ** 31 - 1,
  compileSqlOnError: false,
  useNullAsDefault: true,
  log: { warn: ignore, error: ignore, debug: ignore, deprecate: ignore },
};
