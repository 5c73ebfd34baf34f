import type { Knex } from 'knex';
import type { DriverRow, Executor, SqlValue } from './database.ts';
import { statementFailure } from './statement-failure.ts';
import type { TrafficMeter } from './traffic.ts';

/** What a driver's own connection is to the code above it: something to hand back to that driver's engine folder. */
export type NativeConnection = object;

/** How one driver takes values and how its answers are read. */
export interface DriverValues {
  bind(value: SqlValue): SqlValue;
  rows(result: unknown): readonly DriverRow[];
  matched(result: unknown): number;
}

/** The part of knex's client that its types leave open (lib/client.js, knex 3.3.0). */
interface KnexClient {
  acquireConnection(): Promise<NativeConnection>;
  releaseConnection(connection: NativeConnection): Promise<void>;
}

function clientOf(knex: Knex): KnexClient {
  return knex.client as KnexClient;
}

/** mysql2 hangs the whole statement on its error, values and all; rows do not belong into logs. */
function withoutStatement(error: unknown): unknown {
  if (error instanceof Error && 'sql' in error) delete error.sql;
  return statementFailure(error);
}

/** Statements through knex: on any pooled connection outside a transaction. */
export class KnexExecutor implements Executor {
  readonly #knex: Knex;
  readonly #values: DriverValues;
  readonly #traffic: TrafficMeter;

  constructor(knex: Knex, values: DriverValues, traffic: TrafficMeter) {
    this.#knex = knex;
    this.#values = values;
    this.#traffic = traffic;
  }

  async query(sql: string, bindings: readonly SqlValue[] = []): Promise<readonly DriverRow[]> {
    return this.#values.rows(await this.raw(sql, bindings));
  }

  async execute(sql: string, bindings: readonly SqlValue[] = []): Promise<number> {
    return this.#values.matched(await this.raw(sql, bindings));
  }

  /**
   * Lends the driver's connection for one bulk statement whose text already holds its values: knex would scan the whole text
   * for placeholders, and on PostgreSQL rewrite a `?` inside a value.
   */
  async native<T>(work: (connection: NativeConnection) => Promise<T>): Promise<T> {
    this.#traffic.count(1);
    return this.lend(work);
  }

  /** Lends the connection for anything else. */
  async lend<T>(work: (connection: NativeConnection) => Promise<T>): Promise<T> {
    const client = clientOf(this.#knex);
    const connection = await client.acquireConnection();
    try {
      return await work(connection);
    } catch (error) {
      throw withoutStatement(error);
    } finally {
      // A transaction's client ignores this: it keeps its one connection.
      await client.releaseConnection(connection);
    }
  }

  protected async raw(sql: string, bindings: readonly SqlValue[]): Promise<unknown> {
    this.#traffic.count(1);
    const bound = bindings.map((value) => this.#values.bind(value)) as Knex.RawBinding[];
    try {
      return (await this.#knex.raw(sql, bound)) as unknown;
    } catch (error) {
      throw withoutStatement(error);
    }
  }
}

/**
 * Statements inside one transaction. After the first failure every further statement rejects with that same failure: after a
 * deadlock MySQL goes on in autocommit, so whatever came next would be committed by itself. After the end everything rejects.
 */
export class TransactionExecutor extends KnexExecutor {
  #failure: { readonly error: unknown } | null = null;

  /** @throws the first failure, also where `work` caught it and went on. */
  assertSound(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  end(): void {
    this.#failure ??= { error: new Error('a statement was issued after its transaction had ended') };
  }

  override async native<T>(work: (connection: NativeConnection) => Promise<T>): Promise<T> {
    return this.#guard(async () => super.native(work));
  }

  protected override async raw(sql: string, bindings: readonly SqlValue[]): Promise<unknown> {
    return this.#guard(async () => super.raw(sql, bindings));
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

/** The executor a dialect was handed, as its bulk path needs it. @throws TypeError for an executor that is not ours. */
export function nativeExecutor(executor: Executor): KnexExecutor {
  if (executor instanceof KnexExecutor) return executor;
  if (isExecutorHolder(executor)) return executor.executor;
  throw new TypeError('the executor does not belong to an open database');
}

/** A database: an executor that delegates to its own. */
interface ExecutorHolder {
  readonly executor: KnexExecutor;
}

function isExecutorHolder(value: object): value is ExecutorHolder {
  return 'executor' in value && value.executor instanceof KnexExecutor;
}
