import type { Socket } from 'node:net';
import type { Knex } from 'knex';
import type { ConnectionUsageMeter } from '../connection-usage.ts';
import type { AccessMode } from '../database.ts';
import type { ErrorClass } from '../dialect.ts';
import type { DriverRow, SqlValue } from '../executor.ts';

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
