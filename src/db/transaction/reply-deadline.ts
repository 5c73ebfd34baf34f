import type { Socket } from 'node:net';
import type { StatementLimits } from '../executor.ts';

/**
 * Waits for the answer to a statement, for as long as bytes come in or the last ones are not older than the limit. Beyond it the socket is
 * destroyed, because a driver's own farewell waits for the other side, and the statement fails as one whose connection was lost.
 *
 * @param socket null where there is none (sqlite): the statement runs inside this process.
 */
export async function answered<T>(
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
        // A process that was stopped meanwhile has bytes waiting, and timers come before them.
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
