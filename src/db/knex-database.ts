import type { Knex } from 'knex';
import type { AccessMode, Database, DriverRow, Executor, SqlValue } from './database.ts';
import type { Dialect } from './dialect.ts';
import { statementFailure } from './statement-failure.ts';
import type { Traffic, TrafficMeter } from './traffic.ts';
import { KnexExecutor, TransactionExecutor, type NativeConnection, type DriverValues } from './knex-executor.ts';

/** What one engine brings to the common Database. */
export interface EngineParts {
  readonly dialect: Dialect;
  readonly mode: AccessMode;
  readonly label: string;
  /** Where statements that write and transactions run. */
  readonly writer: Knex;
  /** Where queries outside a transaction run; the same pool on servers. */
  readonly reader: Knex;
  readonly values: DriverValues;
  readonly traffic: TrafficMeter;
  /** Closes a connection hard; must not throw. */
  readonly discard: (connection: NativeConnection) => void;
  /** Mends what kept a query from its answer, where that can be done; true: it may be asked again. */
  readonly mend: (error: unknown) => boolean;
  /** As `Database.sessions` says. */
  readonly sessions: () => readonly string[];
  /** Runs right after BEGIN. */
  readonly begun: (connection: NativeConnection) => void;
}

/** knex's mark: a connection that carries it is never handed out again (lib/client.js, `connectionIsDisposed`). */
type MarkedConnection = NativeConnection & { __knex__disposed?: string };

/** A Database over knex, used for its pool and for its transactions in container form, the only form that reports a failed COMMIT. */
export class KnexDatabase implements Database {
  /** Lends the writing connection to a dialect's bulk insert. */
  readonly executor: KnexExecutor;
  readonly #parts: EngineParts;
  readonly #reads: KnexExecutor;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.executor = new KnexExecutor(parts.writer, parts.values, parts.traffic);
    this.#reads = new KnexExecutor(parts.reader, parts.values, parts.traffic);
  }

  get dialect(): Dialect {
    return this.#parts.dialect;
  }

  get mode(): AccessMode {
    return this.#parts.mode;
  }

  get label(): string {
    return this.#parts.label;
  }

  async query(sql: string, bindings: readonly SqlValue[] = []): Promise<readonly DriverRow[]> {
    try {
      return await this.#reads.query(sql, bindings);
    } catch (error) {
      if (!this.#parts.mend(error)) throw error;
      return this.#reads.query(sql, bindings);
    }
  }

  async execute(sql: string, bindings: readonly SqlValue[] = []): Promise<number> {
    return this.executor.execute(sql, bindings);
  }

  async transaction<T>(work: (trx: Executor) => Promise<T>): Promise<T> {
    const { writer, values, discard, begun, traffic } = this.#parts;
    // BEGIN and COMMIT, which knex issues.
    traffic.count(2);
    let connection: MarkedConnection | null = null;
    let failure: { readonly error: unknown } | null = null;
    const mark = (): void => {
      if (connection !== null) connection.__knex__disposed = 'its transaction failed';
    };

    let value: T | undefined;
    try {
      value = await writer.transaction(async (trx) => {
        const executor = new TransactionExecutor(trx, values, traffic);
        try {
          await executor.lend(async (native) => {
            connection = native;
            await Promise.resolve();
          });
          // COMMIT is knex's own statement: this event is the last chance to mark the connection before the pool has it back.
          trx.on('query-error', mark);
          if (connection !== null) begun(connection);
          const result = await work(executor);
          executor.assertSound();
          return result;
        } catch (error) {
          failure = { error };
          mark();
          throw error;
        } finally {
          executor.end();
        }
      });
    } catch (error) {
      // knex rejects with the error of a failed ROLLBACK where there is one; the cause must not be lost to it.
      failure ??= { error: statementFailure(error) };
    }
    if (failure === null) return value as T;
    mark();
    if (connection !== null) discard(connection);
    throw failure.error;
  }

  sessions(): readonly string[] {
    return this.#parts.sessions();
  }

  readOnly(): Database {
    return new KnexDatabase({ ...this.#parts, mode: 'read-only', writer: this.#parts.reader });
  }

  traffic(): Traffic {
    return this.#parts.traffic.read();
  }

  async close(): Promise<void> {
    const { writer, reader } = this.#parts;
    await writer.destroy();
    if (reader !== writer) await reader.destroy();
  }
}
