import type { AccessMode } from '../database.ts';
import { ROLLBACK_LIMITS, WRITE_LIMITS } from './deadlines.ts';
import type { StatementLimits } from '../executor.ts';
import { send, TransactionExecutor, type LentConnection } from './transaction-executor.ts';
import type { Lender } from './connection-pool.ts';

/** Lends a connection and begins a transaction on it. @throws what kept it from beginning; nothing was done then. */
export async function lendBegun(lender: Lender, mode: AccessMode): Promise<LentConnection> {
  const lent = { ...(await lender.lend()), mode };
  try {
    await send(lent, lent.wire.begin[mode], [], WRITE_LIMITS);
    return lent;
  } catch (error) {
    lent.giveUp();
    throw error;
  }
}

/** Does work in a transaction that has begun: commits when it resolves, rolls back when it rejects. */
export async function insideTransaction<T>(
  begun: LentConnection,
  limits: StatementLimits,
  work: (trx: TransactionExecutor) => Promise<T>,
): Promise<T> {
  return onConnection(begun, async (lent) => {
    const executor = new TransactionExecutor(lent, limits);
    let value: T;
    try {
      value = await work(executor);
      executor.assertSound();
    } catch (error) {
      executor.end();
      // The server does it as well when the connection goes, but only once it notices; and a pooler keeps its connection this way.
      await send(lent, 'ROLLBACK', [], ROLLBACK_LIMITS).catch(() => undefined);
      throw error;
    }
    executor.end();
    await send(lent, 'COMMIT', [], limits);
    return value;
  });
}

/** Does work on a lent connection, which is given back after it, or given up where it failed. */
export async function onConnection<T>(lent: LentConnection, work: (lent: LentConnection) => Promise<T>): Promise<T> {
  let value: T;
  try {
    value = await work(lent);
  } catch (error) {
    lent.giveUp();
    throw error;
  }
  lent.giveBack();
  return value;
}
