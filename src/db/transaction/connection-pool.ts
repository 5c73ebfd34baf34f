import type { Socket } from 'node:net';
import type { Knex } from 'knex';
import type { LentConnection } from './transaction-executor.ts';
import { statementFailure } from '../statement-failure.ts';
import type { NativeConnection, Wire } from './engine-driver.ts';

/** Lends the connections of one pool. */
export interface Lender {
  /** Waits where all are lent. @throws the driver's error where none can be opened. */
  lend(): Promise<LentConnection>;
  isClosing(): boolean;
  /** Closes all. What is still lent after a moment of grace is cut off. */
  close(): Promise<void>;
}

/** knex's mark: a connection that carries it is never handed out again (lib/client.js, `connectionIsDisposed`). */
type MarkedConnection = NativeConnection & { __knex__disposed?: string };

/** The part of knex's client that its types leave open (lib/client.js, knex 3.3.0; tarn 3). */
interface KnexClient {
  acquireConnection(): Promise<NativeConnection>;
  releaseConnection(connection: NativeConnection): Promise<void>;
  destroyRawConnection(connection: NativeConnection): Promise<void>;
  /** Missing once it was closed. */
  readonly pool?: { max: number; numUsed(): number; numFree(): number };
}

/** How long a farewell may take, and what is under way at the end, milliseconds. */
const GRACE_MS = 1_000;

/**
 * Lends the connections of a pool. Where the server or the account has no more to give, those that are open already are all there are from
 * then on: an account with a single connection works as well, one statement after the other.
 */
export function createLender(knex: Knex, wire: Wire): Lender {
  const client = knex.client as KnexClient;
  const lent = new Set<NativeConnection>();
  let closing = false;
  client.destroyRawConnection = async (connection) => sayFarewell(connection, wire.socketOf(connection), wire.discard);
  const acquire = async (): Promise<NativeConnection> => {
    for (;;) {
      try {
        return await client.acquireConnection();
      } catch (error) {
        const open = client.pool === undefined ? 0 : client.pool.numUsed() + client.pool.numFree();
        if (client.pool === undefined || open === 0 || !wire.isFull(error)) throw statementFailure(error);
        // From here on whoever asks waits until one comes free.
        client.pool.max = Math.min(client.pool.max, open);
      }
    }
  };
  return {
    async lend() {
      const native = await acquire();
      lent.add(native);
      return {
        knex,
        wire,
        native,
        mode: 'read-write',
        giveBack() {
          lent.delete(native);
          void client.releaseConnection(native);
        },
        giveUp() {
          lent.delete(native);
          (native as MarkedConnection).__knex__disposed = 'its transaction failed';
          wire.discard(native);
          void client.releaseConnection(native);
        },
      };
    },
    isClosing: () => closing,
    async close() {
      closing = true;
      const cut = setTimeout(() => {
        for (const connection of lent) wire.discard(connection);
      }, GRACE_MS);
      try {
        await knex.destroy();
      } finally {
        clearTimeout(cut);
      }
    },
  };
}

/** Says goodbye and waits until the connection has gone; a server that does not answer must not keep this process from ending. */
async function sayFarewell(
  connection: NativeConnection,
  socket: Socket | null,
  discard: Wire['discard'],
): Promise<void> {
  if (socket === null || socket.destroyed) {
    discard(connection);
    return;
  }
  await new Promise<void>((resolve) => {
    const cut = setTimeout(() => discard(connection), GRACE_MS);
    socket.once('close', () => {
      clearTimeout(cut);
      resolve();
    });
    // Both drivers': with a callback, a farewell that fails is no uncaught error.
    (connection as { end(done: () => void): void }).end(() => {});
  });
}
