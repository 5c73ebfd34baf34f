import type { AccessMode } from '../database.ts';
import type { StatementLimits } from '../executor.ts';
import type { ConnectionPool, PooledConnection } from './connection-pool.ts';
import { ROLLBACK_LIMITS, WRITE_LIMITS } from './deadlines.ts';
import { send, TransactionExecutor } from './transaction-executor.ts';

/**
 * Takes a connection from the pool and begins a transaction on it.
 *
 * @throws the reason why none began; nothing was done then.
 */
export async function beginTransaction(pool: ConnectionPool, mode: AccessMode): Promise<PooledConnection> {
  const connection = { ...(await pool.acquire()), mode };
  try {
    await send(connection, connection.driver.begin[mode], [], WRITE_LIMITS);
    return connection;
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

/** Runs work in a transaction that has begun: commits when it resolves, rolls back when it rejects. */
export async function insideTransaction<T>(
  begun: PooledConnection,
  limits: StatementLimits,
  work: (trx: TransactionExecutor) => Promise<T>,
): Promise<T> {
  return onConnection(begun, async (connection) => {
    const executor = new TransactionExecutor(connection, limits);
    let value: T;
    try {
      value = await work(executor);
      executor.assertSound();
    } catch (error) {
      executor.end();
      // The server also rolls back when the connection closes, but only once it notices; and a pooler keeps its
      // connection this way.
      await send(connection, 'ROLLBACK', [], ROLLBACK_LIMITS).catch(() => undefined);
      throw error;
    }
    executor.end();
    await send(connection, 'COMMIT', [], limits);
    return value;
  });
}

/** Runs work on a connection, which then returns to the pool, or is destroyed where the work failed. */
export async function onConnection<T>(
  connection: PooledConnection,
  work: (connection: PooledConnection) => Promise<T>,
): Promise<T> {
  let value: T;
  try {
    value = await work(connection);
  } catch (error) {
    connection.destroy();
    throw error;
  }
  connection.release();
  return value;
}
