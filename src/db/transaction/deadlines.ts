import type { AccessMode } from '../database.ts';
import type { StatementLimits } from '../executor.ts';
import { CONNECT_TIMEOUT_MS } from './pool-settings.ts';

// Beyond these a connection is cut and counts as lost: a server or a proxy that swallows bytes must not hold a command for ever.

/** What a new connection is asked before it is used. */
export const CONNECT_LIMITS: StatementLimits = { deadlineMs: CONNECT_TIMEOUT_MS };

/** Statements of a writing transaction, every BEGIN, and COMMIT. They wait for locks for a few seconds at most. */
export const WRITE_LIMITS: StatementLimits = { deadlineMs: 30_000 };

/** ROLLBACK behind a failure: the connection is given up anyway. */
export const ROLLBACK_LIMITS: StatementLimits = { deadlineMs: 5_000 };

/** A page of rows. */
export const READ_LIMITS: StatementLimits = { deadlineMs: 120_000 };

/** A count over a whole table. */
export const LONG_READ_LIMITS: StatementLimits = { deadlineMs: 900_000 };

/** CREATE, ALTER, DROP: some rebuild a table. */
export const DDL_LIMITS: StatementLimits = { deadlineMs: 6 * 3_600_000 };

/** Where nothing else is said. */
export const LIMITS: Readonly<Record<AccessMode, StatementLimits>> = {
  'read-only': READ_LIMITS,
  'read-write': WRITE_LIMITS,
};
