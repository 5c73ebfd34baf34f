import { onTestFinished } from 'vitest';

import { openDatabaseProxy, type ProxiedConnection } from './tcp-proxy.ts';

/**
 * What becomes of a COMMIT: the server carried it out and its answer is lost; it never saw it; or the connection of the client is cut and the
 * COMMIT goes on to the server later, when it is let go.
 */
export type CommitLoss = 'after-the-server-committed' | 'before-the-server-saw-it' | 'passed-on-late';

/** A TCP proxy that cuts a connection around a COMMIT. */
export interface CommitProxy {
  readonly url: string;
  /** Lets the n-th COMMIT from now on be lost, of those that belong to transactions with the marked statement. */
  arm(nth: number): void;
  /** How often a COMMIT was lost. */
  lost(): number;
  /** Lets the COMMIT that was kept back go on to the server. */
  readonly letGo: () => void;
  /** Told of each marked statement that goes on to the server after a COMMIT was lost. */
  onMarked(listener: () => void): void;
}

/** Starts a proxy that is gone when the test is over. @param mark a piece of the SQL of the transactions in question. */
export async function startCommitProxy(target: string, mark: string, loss: CommitLoss): Promise<CommitProxy> {
  let countdown = 0;
  let lost = 0;
  let kept: ProxiedConnection | null = null;
  let marked = (): void => {};
  const writing = new Set<ProxiedConnection>();
  const answerless = new Set<ProxiedConnection>();
  const lose = (connection: ProxiedConnection): void => {
    lost += 1;
    if (loss === 'passed-on-late') {
      kept = connection;
      connection.treat('to-server', 'hold');
    }
    connection.cut(loss === 'passed-on-late' ? 'client' : 'both');
  };
  const proxy = await openDatabaseProxy(target, (bytes, direction, connection) => {
    if (direction === 'to-client') {
      if (answerless.has(connection)) lose(connection);
      return;
    }
    if (bytes.includes(mark)) {
      writing.add(connection);
      if (lost > 0) marked();
    }
    if (countdown === 0 || !writing.has(connection) || !isCommit(bytes)) return;
    writing.delete(connection);
    countdown -= 1;
    if (countdown > 0) return;
    if (loss === 'after-the-server-committed') answerless.add(connection);
    else lose(connection);
  });
  onTestFinished(() => proxy.close());
  return {
    url: proxy.url,
    arm: (nth) => {
      countdown = nth;
    },
    lost: () => lost,
    letGo: () => kept?.treat('to-server', 'pass'),
    onMarked: (listener) => {
      marked = listener;
    },
  };
}

function isCommit(bytes: Buffer): boolean {
  return /COMMIT;?\0?$/iu.test(bytes.toString('latin1'));
}
