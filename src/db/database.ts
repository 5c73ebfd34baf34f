import type { Dialect } from './dialect.ts';

/** A value that may be bound to a statement. Times are text or epoch milliseconds; no Date, no boolean, no buffer. */
export type SqlValue = string | number | bigint | null;

/** A row as the driver returns it. BIGINT arrives as string (mysql, postgres) or bigint (sqlite); times as text. */
export type DriverRow = Readonly<Record<string, unknown>>;

/** Runs statements. `?` marks a bound value, `??` an identifier, in every dialect. */
export interface Executor {
  query(sql: string, bindings?: readonly SqlValue[]): Promise<readonly DriverRow[]>;
  /** @returns the number of rows matched (not merely changed) by an INSERT, UPDATE or DELETE. */
  execute(sql: string, bindings?: readonly SqlValue[]): Promise<number>;
}

/**
 * `read-only`: the session can write nothing, enforced by the engine (read-only transactions, or a file opened read-only).
 * `read-write`: READ COMMITTED on servers.
 */
export type AccessMode = 'read-only' | 'read-write';

/** One database, opened for reading or for writing. Times are UTC, text is UTF-8. */
export interface Database extends Executor {
  readonly dialect: Dialect;
  readonly mode: AccessMode;
  /** Host, port and database, or the file; never a user's password. */
  readonly label: string;
  /**
   * Runs `work` in one transaction: commits when it resolves, rolls back when it rejects. The first error of any kind leaves
   * the transaction and discards its connection; nothing may be caught inside `work` and continued.
   * @throws what `work` or COMMIT rejected with, unchanged; ask `dialect.classify` what it means.
   */
  transaction<T>(work: (trx: Executor) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
