import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * What becomes of a COMMIT: the server carried it out and its answer is lost; it never saw it; or the connection of the client is cut and the
 * COMMIT goes on to the server later, when it is let go.
 */
export type CommitLoss = 'after-the-server-committed' | 'before-the-server-saw-it' | 'passed-on-late';

/** A TCP proxy in front of a server. */
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
export async function startCommitProxy(target: URL, mark: string, loss: CommitLoss): Promise<CommitProxy> {
  let countdown = 0;
  let lost = 0;
  let kept: (() => void) | null = null;
  let marked = (): void => {};
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let isMarked = false;
    let swallow = false;
    const cut = (...ends: readonly Socket[]): void => {
      lost += 1;
      for (const end of ends) end.destroy();
    };
    client.on('data', (data) => {
      if (data.toString('latin1').includes(mark)) {
        isMarked = true;
        if (lost > 0) marked();
      }
      if (isMarked && isCommit(data)) {
        isMarked = false;
        countdown -= 1;
        if (countdown === 0) {
          if (loss === 'before-the-server-saw-it') {
            cut(client, upstream);
            return;
          }
          if (loss === 'passed-on-late') {
            client.off('close', closeUpstream);
            kept = () => upstream.end(data);
            cut(client);
            return;
          }
          swallow = true;
        }
      }
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (swallow) {
        cut(client, upstream);
        return;
      }
      if (!client.destroyed) client.write(data);
    });
    const closeUpstream = (): void => {
      upstream.destroy();
    };
    client.on('close', closeUpstream);
    client.on('error', () => {});
    upstream.on('close', () => client.destroy());
    upstream.on('error', () => {});
  });
  onTestFinished(() => {
    server.close();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(address.port);
  return {
    url: url.href,
    arm: (nth) => {
      countdown = nth;
    },
    lost: () => lost,
    letGo: () => kept?.(),
    onMarked: (listener) => {
      marked = listener;
    },
  };
}

function isCommit(data: Buffer): boolean {
  return /COMMIT;?\0?$/iu.test(data.toString('latin1'));
}
