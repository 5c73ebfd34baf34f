import type { AccessMode } from '../database.ts';
import type { StatementLimits } from '../executor.ts';
import { CONNECT_TIMEOUT_MS } from './pool-settings.ts';

// Past its deadline a connection is closed and counts as lost: a server or proxy that swallows bytes must not stop a
// command forever.

/** The first statements on a new connection. */
export const CONNECT_LIMITS: StatementLimits = { deadlineMs: CONNECT_TIMEOUT_MS };

/** Statements of a writing transaction, BEGIN and COMMIT. They wait for locks for a few seconds at most. */
export const WRITE_LIMITS: StatementLimits = { deadlineMs: 30_000 };

/** ROLLBACK after a failure: the connection is closed anyway. */
export const ROLLBACK_LIMITS: StatementLimits = { deadlineMs: 5_000 };

/** A page of rows. */
export const READ_LIMITS: StatementLimits = { deadlineMs: 120_000 };

/** A count over a whole table. */
export const LONG_READ_LIMITS: StatementLimits = { deadlineMs: 900_000 };

/** CREATE, ALTER, DROP: some rebuild a table. */
export const DDL_LIMITS: StatementLimits = { deadlineMs: 6 * 3_600_000 };

/** Limits of a statement that names none. */
export const LIMITS: Readonly<Record<AccessMode, StatementLimits>> = {
  'read-only': READ_LIMITS,
  'read-write': WRITE_LIMITS,
};
