import type { Knex } from 'knex';
import { answered } from './reply-deadline.ts';
import type { AccessMode } from '../database.ts';
import type { DriverRow, Executor, SqlValue, StatementLimits } from '../executor.ts';
import { statementFailure } from '../statement-failure.ts';
import type { NativeConnection, Wire } from './engine-driver.ts';

/** mysql2 hangs the whole statement on its error, values and all; rows do not belong into logs. */
function withoutStatement(error: unknown): unknown {
  if (error instanceof Error && 'sql' in error) delete error.sql;
  return statementFailure(error);
}

/** An executor that lends the driver's own connection for bulk statements. */
export interface NativeExecutor extends Executor {
  /**
   * Lends the driver's connection for one bulk statement whose text already holds its values: knex would scan the whole text
   * for placeholders, and on PostgreSQL rewrite a `?` inside a value.
   */
  native<T>(work: (connection: NativeConnection) => Promise<T>): Promise<T>;
}

/** The executor a dialect was handed, as its bulk path needs it. @throws TypeError for an executor that is not ours. */
export function nativeExecutor(executor: Executor): NativeExecutor {
  if ('native' in executor) return executor as NativeExecutor;
  throw new TypeError('the executor does not belong to an open database');
}

/** One connection while it is lent, and how to talk through it. */
export interface LentConnection {
  readonly knex: Knex;
  readonly native: NativeConnection;
  readonly wire: Wire;
  /** `read-write` also where no transaction has begun. */
  readonly mode: AccessMode;
  giveBack(): void;
  /** Closes it hard; it is never lent again. */
  giveUp(): void;
}

/** Sends one statement and waits for its answer, for as long as its limits say. */
export async function send(
  lent: LentConnection,
  sql: string,
  bindings: readonly SqlValue[],
  limits: StatementLimits,
): Promise<unknown> {
  const { knex, native, wire } = lent;
  requireReadable(lent, sql);
  wire.traffic.count(1);
  const bound = bindings.map((value) => wire.values.bind(value)) as Knex.RawBinding[];
  try {
    return await answered(
      wire.socketOf(native),
      limits,
      async () => (await knex.raw(wire.addressed(sql), bound).connection(native)) as unknown,
    );
  } catch (error) {
    throw withoutStatement(error);
  }
}

/** Number and code are those of the server's own refusal, so that one classification does for both. */
function requireReadable({ mode, wire }: LentConnection, sql: string): void {
  if (mode === 'read-write' || wire.readable === null || wire.readable.test(sql)) return;
  throw statementFailure(
    Object.assign(new Error('a read-only transaction sends nothing but SELECT and SHOW'), { errno: 1792 }),
  );
}

/**
 * Statements on one lent connection, inside a transaction. After the first failure every further statement rejects with that same
 * failure: after a deadlock MySQL goes on in autocommit, so whatever came next would be committed by itself. After the end everything
 * rejects.
 */
export class TransactionExecutor implements NativeExecutor {
  readonly #lent: LentConnection;
  readonly #limits: StatementLimits;
  #failure: { readonly error: unknown } | null = null;

  /** @param limits of statements for which nothing else is said. */
  constructor(lent: LentConnection, limits: StatementLimits) {
    this.#lent = lent;
    this.#limits = limits;
  }

  async query(sql: string, bindings: readonly SqlValue[] = [], limits = this.#limits): Promise<readonly DriverRow[]> {
    return this.#lent.wire.values.rows(await this.send(sql, bindings, limits));
  }

  async execute(sql: string, bindings: readonly SqlValue[] = [], limits = this.#limits): Promise<number> {
    return this.#lent.wire.values.matched(await this.send(sql, bindings, limits));
  }

  /** @returns the driver's own answer. */
  async send(sql: string, bindings: readonly SqlValue[], limits: StatementLimits): Promise<unknown> {
    return this.#guard(async () => send(this.#lent, sql, bindings, limits));
  }

  async native<T>(work: (connection: NativeConnection) => Promise<T>): Promise<T> {
    const { native, wire } = this.#lent;
    return this.#guard(async () => {
      requireReadable(this.#lent, 'a bulk statement');
      wire.traffic.count(1);
      try {
        return await answered(wire.socketOf(native), this.#limits, async () => work(native));
      } catch (error) {
        throw withoutStatement(error);
      }
    });
  }

  /** @throws the first failure, also where `work` caught it and went on. */
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
