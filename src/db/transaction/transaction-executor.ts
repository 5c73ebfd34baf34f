import type { Knex } from 'knex';

import type { AccessMode } from '../database.ts';
import type { StatementLimits, DriverRow, Executor, SqlStatement, SqlValue } from '../executor.ts';
import type { ConnectionPool, PooledConnection, NativeConnection } from './connection-pool.ts';
import { ROLLBACK_LIMITS, WRITE_LIMITS, withReplyDeadline } from './deadlines.ts';
import { statementFailure } from '../driver-error.ts';

/** An executor that gives access to the driver's own connection for bulk statements. */
export interface NativeExecutor extends Executor {
  /**
   * Hands the driver's connection to `work` for one bulk statement whose text already holds its values: knex would scan
   * the whole text for placeholders, and on PostgreSQL rewrite a `?` inside a value.
   */
  native<T>(work: (connection: NativeConnection) => Promise<T>, limits?: StatementLimits): Promise<T>;
}

/**
 * The executor that a dialect was given, as bulk statements need it.
 *
 * @throws TypeError for an executor that is not ours.
 */
export function nativeExecutor(executor: Executor): NativeExecutor {
  if ('native' in executor) return executor as NativeExecutor;
  throw new TypeError('the executor does not belong to an open database');
}

/** Sends one statement and waits for its reply until the deadline. @returns the driver's own result. */
export async function send(
  connection: PooledConnection,
  statement: SqlStatement,
  bindings: readonly SqlValue[],
  limits: StatementLimits,
): Promise<unknown> {
  const { knex, native, driver } = connection;
  const built = typeof statement === 'string' ? { sql: statement, bindings } : statement(driver.builder).toSQL();
  requireReadable(connection, built.sql);
  driver.usage.count(1);
  const bound = built.bindings.map((value) => driver.values.bind(value as SqlValue)) as Knex.RawBinding[];
  try {
    return await withReplyDeadline(
      driver.socketOf(native),
      limits,
      async () => (await knex.raw(driver.addressed(built.sql), bound).connection(native)) as unknown,
    );
  } catch (error) {
    throw withoutStatement(error);
  }
}

/** mysql2 attaches the whole statement with its values to its errors; rows do not belong into logs. */
function withoutStatement(error: unknown): unknown {
  if (error instanceof Error && 'sql' in error) delete error.sql;
  return statementFailure(error);
}

/** The error has the number of the server's own refusal (1792), so that both are classified alike. */
function requireReadable({ mode, driver }: PooledConnection, sql: string): void {
  if (mode === 'read-write' || driver.readable === null || driver.readable.test(sql)) return;
  throw statementFailure(
    Object.assign(new Error('a read-only transaction sends nothing but SELECT and SHOW'), { errno: 1792 }),
  );
}

/**
 * Runs the statements of one transaction on its connection. After the first failure every further statement rejects
 * with that same failure: after a deadlock MySQL continues in autocommit mode, so the next statement would be committed
 * by itself. After the end of the transaction every statement rejects.
 */
export class TransactionExecutor implements NativeExecutor {
  readonly #connection: PooledConnection;
  readonly #limits: StatementLimits;
  #failure: { readonly error: unknown } | null = null;

  /** @param limits of statements that name none. */
  constructor(connection: PooledConnection, limits: StatementLimits) {
    this.#connection = connection;
    this.#limits = limits;
  }

  async query(
    statement: SqlStatement,
    bindings: readonly SqlValue[] = [],
    limits = this.#limits,
  ): Promise<readonly DriverRow[]> {
    return this.#connection.driver.values.rows(await this.send(statement, bindings, limits));
  }

  async execute(statement: SqlStatement, bindings: readonly SqlValue[] = [], limits = this.#limits): Promise<number> {
    return this.#connection.driver.values.matched(await this.send(statement, bindings, limits));
  }

  /** @returns the driver's own result. */
  async send(statement: SqlStatement, bindings: readonly SqlValue[], limits: StatementLimits): Promise<unknown> {
    return this.#guard(async () => send(this.#connection, statement, bindings, limits));
  }

  async native<T>(work: (connection: NativeConnection) => Promise<T>, limits = this.#limits): Promise<T> {
    const { native, driver } = this.#connection;
    return this.#guard(async () => {
      requireReadable(this.#connection, 'a bulk statement');
      driver.usage.count(1);
      try {
        return await withReplyDeadline(driver.socketOf(native), limits, async () => work(native));
      } catch (error) {
        throw withoutStatement(error);
      }
    });
  }

  /** @throws the first failure, even where the caller's work caught it and went on. */
  assertSound(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  end(): void {
    this.#failure ??= { error: new Error('a statement was issued after its transaction had ended') };
  }

  async #guard<T>(statement: () => Promise<T>): Promise<T> {
    this.assertSound();
    try {
      return await statement();
    } catch (error) {
      this.#failure ??= { error };
      throw error;
    }
  }
}

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
