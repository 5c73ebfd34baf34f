import { onTestFinished } from 'vitest';

import { commitsAfter } from './commits-after.ts';
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

/** Starts a proxy that is gone when the test is over. @param mark finds the SQL of the transactions in question. */
export async function startCommitProxy(target: string, mark: RegExp, loss: CommitLoss): Promise<CommitProxy> {
  let wanted = 0;
  let commits = 0;
  let lost = 0;
  let kept: ProxiedConnection | null = null;
  let marked = (): void => {};
  const answerless = new Set<ProxiedConnection>();
  const lose = (connection: ProxiedConnection): void => {
    lost += 1;
    if (loss === 'passed-on-late') {
      kept = connection;
      connection.treat('to-server', 'hold');
    }
    connection.cut(loss === 'passed-on-late' ? 'client' : 'both');
  };
  const watchCommits = commitsAfter(mark, (nth, connection) => {
    commits = nth;
    if (nth !== wanted) return;
    if (loss === 'after-the-server-committed') answerless.add(connection);
    else lose(connection);
  });
  const proxy = await openDatabaseProxy(target, (bytes, direction, connection) => {
    if (direction === 'to-client' && answerless.has(connection)) lose(connection);
    if (direction === 'to-server' && lost > 0 && mark.test(bytes.toString('latin1'))) marked();
    watchCommits(bytes, direction, connection);
  });
  onTestFinished(() => proxy.close());
  return {
    url: proxy.url,
    arm: (nth) => {
      wanted = commits + nth;
    },
    lost: () => lost,
    letGo: () => kept?.treat('to-server', 'pass'),
    onMarked: (listener) => {
      marked = listener;
    },
  };
}
