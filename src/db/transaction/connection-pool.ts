import type { Socket } from 'node:net';

import type { Knex } from 'knex';

import type { ConnectionUsageMeter, AccessMode } from '../database.ts';
import type { ErrorClass } from '../dialect.ts';
import type { DriverRow, SqlValue } from '../executor.ts';
import { statementFailure } from '../driver-error.ts';

/** A driver's own connection object. Code outside that driver's engine folder only passes it on. */
export type NativeConnection = object;

/** How one driver takes values and returns results. */
export interface DriverValues {
  bind(value: SqlValue): SqlValue;
  rows(result: unknown): readonly DriverRow[];
  matched(result: unknown): number;
}

/** How this program talks to one engine's driver and server. */
export interface EngineDriver {
  /** Builds statements in the engine's SQL. It has no connection. */
  readonly builder: Knex;
  readonly values: DriverValues;
  readonly usage: ConnectionUsageMeter;
  /**
   * Begins a transaction with all its settings. No setting may outlive it, because a pooler shares server connections.
   */
  readonly begin: Readonly<Record<AccessMode, string>>;
  /**
   * The only statements that a read-only transaction may send; null where the server refuses all others itself. MariaDB
   * does not: CREATE, ALTER and DROP first commit the transaction and then run outside it.
   */
  readonly readable: RegExp | null;
  /** Adds to a statement the comment that poolers on the way need. */
  readonly addressed: (sql: string) => string;
  /** Modes in which a single statement is sent without BEGIN; the others need a transaction for their settings. */
  readonly alone: readonly AccessMode[];
  /** null where there is none (sqlite). */
  readonly socketOf: (connection: NativeConnection) => Socket | null;
  /** Closes a connection without waiting for the server; must not throw. */
  readonly discard: (connection: NativeConnection) => void;
  readonly classify: (error: unknown) => ErrorClass;
  /** Whether the server, or the account, has no connection left. */
  readonly isFull: (error: unknown) => boolean;
}

/** One connection of a pool while a caller has it. */
export interface PooledConnection {
  readonly knex: Knex;
  readonly native: NativeConnection;
  readonly driver: EngineDriver;
  /** `read-write` also where no transaction has begun. */
  readonly mode: AccessMode;
  /** Returns it to the pool. */
  release(): void;
  /** Closes it without waiting for the server; the pool never hands it out again. */
  destroy(): void;
}

/** The connections of one database. */
export interface ConnectionPool {
  /** Waits while all are in use. @throws the driver's error where none can be opened. */
  acquire(): Promise<PooledConnection>;
  isClosing(): boolean;
  /** Closes all connections. Those still in use after a short grace period are cut off. */
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

/** How long closing a connection, and statements under way at the end, may take, milliseconds. */
const GRACE_MS = 1_000;

/**
 * Makes knex's pool bounded in every respect. Where the server or the account has no more connections to give, the pool
 * goes on with those that are open, so an account with a single connection works as well, one statement after the
 * other.
 */
export function createConnectionPool(knex: Knex, driver: EngineDriver): ConnectionPool {
  const client = knex.client as KnexClient;
  const used = new Set<NativeConnection>();
  let closing = false;
  client.destroyRawConnection = async (connection) =>
    closeConnection(connection, driver.socketOf(connection), driver.discard);
  const acquire = async (): Promise<NativeConnection> => {
    for (;;) {
      try {
        return await client.acquireConnection();
      } catch (error) {
        const open = client.pool === undefined ? 0 : client.pool.numUsed() + client.pool.numFree();
        if (client.pool === undefined || open === 0 || !driver.isFull(error)) throw statementFailure(error);
        // From here on a caller waits until a connection is free.
        client.pool.max = Math.min(client.pool.max, open);
      }
    }
  };
  return {
    async acquire() {
      const native = await acquire();
      used.add(native);
      return {
        knex,
        driver,
        native,
        mode: 'read-write',
        release() {
          used.delete(native);
          void client.releaseConnection(native);
        },
        destroy() {
          used.delete(native);
          (native as MarkedConnection).__knex__disposed = 'its transaction failed';
          driver.discard(native);
          void client.releaseConnection(native);
        },
      };
    },
    isClosing: () => closing,
    async close() {
      closing = true;
      const cut = setTimeout(() => {
        for (const connection of used) driver.discard(connection);
      }, GRACE_MS);
      try {
        await knex.destroy();
      } finally {
        clearTimeout(cut);
      }
    },
  };
}

/**
 * Closes a connection and waits until it is gone; a server that does not answer must not keep this process from ending.
 */
async function closeConnection(
  connection: NativeConnection,
  socket: Socket | null,
  discard: EngineDriver['discard'],
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
    // Both drivers take a callback here; without it, a failure to close is an uncaught error.
    (connection as { end(done: () => void): void }).end(() => {});
  });
}
