import type { Knex } from 'knex';

import type { BatchBounds, Pressure } from '../pressure.ts';

/** How many transactions of one process may write side by side; the operator may ask for fewer. */
export const MOST_LANES = 8;

/** Connections for the lanes, the lease's heartbeat and the reads beside them; opened when they are needed. */
export const POOL_SIZE = MOST_LANES + 4;

/** Batches on a server without Galera. */
export const SERVER_BATCHES: BatchBounds = { start: 300, most: 10_000 };

/** While nobody waits. Three lanes are the fastest on two processors that the client shares with the server. */
export const SERVER_ALONE: Pressure = { milliseconds: 100, least: 1_000, lanes: 3, rest: 0 };

/** How long the first reply may take before the server counts as unreachable, milliseconds. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** How long a statement waits for a row lock before it gives up and the batch is tried again, seconds. */
export const LOCK_WAIT_S = 3;

/** How long an open transaction may wait for its next statement before the server ends it, seconds. */
export const OPEN_TRANSACTION_S = 10;

const ignore = (): void => {};

/**
 * knex settings of all engines. knex must not log errors, which the caller gets anyway, and must not write a
 * statement's values into an error's message: rows do not belong into logs.
 */
export const QUIET: Pick<Knex.Config, 'log' | 'compileSqlOnError' | 'useNullAsDefault' | 'acquireConnectionTimeout'> = {
  // All connections may be in use for long. Each statement has a limit of its own, so this one is never reached first.
  acquireConnectionTimeout: 2 ** 31 - 1,
  compileSqlOnError: false,
  useNullAsDefault: true,
  log: { warn: ignore, error: ignore, debug: ignore, deprecate: ignore },
};
