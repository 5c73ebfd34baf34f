import type { Socket } from 'node:net';
import type { StatementLimits } from '../executor.ts';

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
          reject(noAnswer(deadlineMs));
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

function noAnswer(deadlineMs: number): Error {
  return Object.assign(new Error(`no answer within ${Math.round(deadlineMs / 1000)} s`), { code: 'ETIMEDOUT' });
}
