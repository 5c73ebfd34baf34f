/**
 * How long a server may leave a statement without an answer, milliseconds. Beyond it the connection is cut and counts as lost: a server
 * or a proxy that swallows bytes must not hold a command for ever.
 */
import type { StatementLimits } from './executor.ts';

/** Statements of a writing transaction, BEGIN and COMMIT. They wait for locks for a few seconds at most. */
export const WRITE_LIMITS: StatementLimits = { deadlineMs: 30_000 };

/** A page of rows. */
export const READ_LIMITS: StatementLimits = { deadlineMs: 120_000 };

/** A count over a whole table. */
export const LONG_READ_LIMITS: StatementLimits = { deadlineMs: 900_000 };

/** CREATE, ALTER, DROP: some rebuild a table. */
export const DDL_LIMITS: StatementLimits = { deadlineMs: 6 * 3_600_000 };
