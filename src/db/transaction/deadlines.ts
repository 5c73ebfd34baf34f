import type { Socket } from 'node:net';

import type { StatementLimits } from '../executor.ts';
import type { AccessMode } from '../database.ts';
import { CONNECT_TIMEOUT_MS } from './pool-settings.ts';

// Past its deadline a connection is closed and counts as lost: a server or proxy that swallows bytes must not stop a
// command forever.

/** The first statements on a new connection. */
export const CONNECT_LIMITS: StatementLimits = { deadlineMs: CONNECT_TIMEOUT_MS };

/** Statements of a writing transaction, BEGIN and COMMIT. They wait for locks for a few seconds at most. */
export const WRITE_LIMITS: StatementLimits = { deadlineMs: 30_000 };

/** ROLLBACK after a failure: the connection is closed anyway. */
export const ROLLBACK_LIMITS: StatementLimits = { deadlineMs: 5_000 };

/** Questions about the server itself: an answer that comes late says nothing about now. */
export const OBSERVE_LIMITS: StatementLimits = { deadlineMs: 10_000 };

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

/**
 * Runs a statement and waits for its reply. The deadline starts anew whenever bytes arrive. Once it passes, the socket
 * is destroyed, because a driver's own way to close waits for the other side, and the statement fails like one whose
 * connection was lost.
 *
 * @param socket null where there is none (sqlite): the statement runs inside this process.
 */
export async function withReplyDeadline<T>(
  socket: Socket | null,
  { deadlineMs }: StatementLimits,
  statement: () => Promise<T>,
): Promise<T> {
  if (socket === null) return statement();
  let timer: NodeJS.Timeout | undefined;
  let over = false;
  const silence = new Promise<never>((_resolve, reject) => {
    const wait = (received: number): void => {
      timer = setTimeout(() => {
        // A process that was stopped meanwhile has bytes waiting, and timers run before they are read.
        setImmediate(() => {
          if (over) return;
          if (socket.bytesRead !== received) {
            wait(socket.bytesRead);
            return;
          }
          const noAnswer = new Error(`no answer within ${Math.round(deadlineMs / 1000)} s`);
          reject(Object.assign(noAnswer, { code: 'ETIMEDOUT' }));
          socket.destroy();
        });
      }, deadlineMs);
    };
    wait(socket.bytesRead);
  });
  try {
    return await Promise.race([statement(), silence]);
  } finally {
    over = true;
    clearTimeout(timer);
  }
}
