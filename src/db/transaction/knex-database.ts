import { setTimeout as sleep } from 'node:timers/promises';
import type { AccessMode, Database, DriverRow, Executor, SqlValue, ConnectionUsage } from '../database.ts';
import { LIMITS, OBSERVE_LIMITS, READ_LIMITS } from './deadlines.ts';
import type { Dialect, ErrorClass } from '../dialect.ts';
import { serverMessage } from '../driver-error.ts';
import type { Observer, SqlStatement, StatementLimits } from '../executor.ts';
import type { TransactionExecutor } from './transaction-executor.ts';
import { send, insideTransaction, beginTransaction, onConnection } from './transaction-executor.ts';
import type { ConnectionPool, PooledConnection, EngineDriver, NativeConnection } from './connection-pool.ts';
import { isWorthTelling, retryBudget, RUN_BUDGET_MS, type RetryWait } from './retry.ts';

/** What one engine brings to the common Database. */
export interface EngineParts {
  readonly dialect: Dialect;
  readonly mode: AccessMode;
  /** Host and port may change where the address names several. */
  readonly label: () => string;
  readonly driver: EngineDriver;
  /** Where statements that write and transactions run. */
  readonly writer: ConnectionPool;
  /** Where queries outside a transaction run; the same connections on servers. */
  readonly reader: ConnectionPool;
  /** Tries to remove the cause of a failed query. @returns true where the query may be repeated. */
  readonly mend: (error: unknown) => boolean;
  /** As `Database.sessions` says. */
  readonly sessions: () => readonly string[];
  /** Called with the reason of each wait, in the server's words. */
  readonly onWait: (reason: string) => void;
}

/** Failures before BEGIN that may pass by waiting: nothing was done yet. */
const BEFORE_BEGIN: ReadonlySet<ErrorClass> = new Set<ErrorClass>(['connection-lost', 'unreachable', 'conflict']);

/** Since when no connection could be opened, by a monotonic clock; null while connections can. */
interface Outage {
  since: number | null;
}

/**
 * A Database that uses knex for its pool, its statements and its placeholders. It begins, bounds and ends transactions
 * itself.
 */
export class KnexDatabase implements Database {
  readonly #parts: EngineParts;
  readonly #outage: Outage;
  readonly dialect: Dialect;
  readonly mode: AccessMode;

  constructor(parts: EngineParts, outage: Outage = { since: null }) {
    this.#parts = parts;
    this.#outage = outage;
    this.dialect = parts.dialect;
    this.mode = parts.mode;
  }

  get label(): string {
    return this.#parts.label();
  }

  async query(
    statement: SqlStatement,
    bindings: readonly SqlValue[] = [],
    limits: StatementLimits = READ_LIMITS,
  ): Promise<readonly DriverRow[]> {
    const { reader, driver, mend } = this.#parts;
    const budget = retryBudget(RUN_BUDGET_MS);
    let mended = false;
    for (;;) {
      try {
        return driver.values.rows(await this.#single(reader, 'read-only', statement, bindings, limits));
      } catch (error) {
        if (!mended && mend(error)) mended = true;
        else
          await this.#waitOrThrow(reader, error, budget.next(driver.classify(error), performance.now(), Math.random()));
      }
    }
  }

  async execute(
    statement: SqlStatement,
    bindings: readonly SqlValue[] = [],
    limits?: StatementLimits,
  ): Promise<number> {
    const { writer, driver, mode } = this.#parts;
    return driver.values.matched(await this.#single(writer, mode, statement, bindings, limits ?? LIMITS[mode]));
  }

  async transaction<T>(work: (trx: Executor) => Promise<T>): Promise<T> {
    return this.#inTransaction(this.#parts.writer, this.#parts.mode, work);
  }

  async native<T>(work: (connection: NativeConnection) => Promise<T>): Promise<T> {
    return this.#inTransaction(this.#parts.writer, this.#parts.mode, async (trx) => trx.native(work));
  }

  sessions(): readonly string[] {
    return this.#parts.sessions();
  }

  async observe<T>(read: (observer: Observer) => Promise<T>): Promise<T> {
    const { writer, driver } = this.#parts;
    // Without a transaction of its own where the engine needs none for a statement that stands alone.
    const mode = driver.alone.includes('read-write') ? 'read-write' : 'read-only';
    return read({
      query: async (statement, bindings = []) =>
        driver.values.rows(await this.#single(writer, mode, statement, bindings, OBSERVE_LIMITS)),
    });
  }

  readOnly(): Database {
    return new KnexDatabase({ ...this.#parts, mode: 'read-only', writer: this.#parts.reader }, this.#outage);
  }

  usage(): ConnectionUsage {
    return this.#parts.driver.usage.read();
  }

  async close(): Promise<void> {
    const { writer, reader } = this.#parts;
    await writer.close();
    if (reader !== writer) await reader.close();
  }

  async #single(
    pool: ConnectionPool,
    mode: AccessMode,
    statement: SqlStatement,
    bindings: readonly SqlValue[],
    limits: StatementLimits,
  ): Promise<unknown> {
    if (this.#parts.driver.alone.includes(mode))
      return onConnection(await this.#acquire(pool, null), async (connection) =>
        send(connection, statement, bindings, limits),
      );
    return this.#inTransaction(pool, mode, async (trx) => trx.send(statement, bindings, limits));
  }

  async #inTransaction<T>(
    pool: ConnectionPool,
    mode: AccessMode,
    work: (trx: TransactionExecutor) => Promise<T>,
  ): Promise<T> {
    return insideTransaction(await this.#acquire(pool, mode), LIMITS[mode], work);
  }

  /** Waits for a server that is gone, full or starting; nothing was done yet. @param mode null: no transaction. */
  async #acquire(pool: ConnectionPool, mode: AccessMode | null): Promise<PooledConnection> {
    const { driver } = this.#parts;
    const budget = retryBudget(RUN_BUDGET_MS);
    for (;;) {
      try {
        const connection = await (mode === null ? pool.acquire() : beginTransaction(pool, mode));
        this.#outage.since = null;
        return connection;
      } catch (error) {
        this.#outage.since ??= performance.now();
        const kind = driver.classify(error);
        const wait = BEFORE_BEGIN.has(kind) ? budget.next(kind, performance.now(), Math.random()) : null;
        await this.#waitOrThrow(pool, error, wait);
      }
    }
  }

  /** Each outage is waited for once, not anew by every statement that follows. */
  #isGivenUp(): boolean {
    return this.#outage.since !== null && performance.now() - this.#outage.since >= RUN_BUDGET_MS;
  }

  async #waitOrThrow(pool: ConnectionPool, error: unknown, wait: RetryWait | null): Promise<void> {
    if (wait === null || pool.isClosing() || this.#isGivenUp()) throw error;
    if (isWorthTelling(wait)) this.#parts.onWait(serverMessage(error));
    await sleep(wait.milliseconds);
  }
}
