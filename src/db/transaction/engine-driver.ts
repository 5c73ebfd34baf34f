import type { Socket } from 'node:net';
import type { AccessMode } from '../database.ts';
import type { ErrorClass } from '../dialect.ts';
import type { DriverRow, SqlValue } from '../executor.ts';
import type { TrafficMeter } from '../connection-usage.ts';

/** What a driver's own connection is to the code above it: something to hand back to that driver's engine folder. */
export type NativeConnection = object;

/** How one driver takes values and how its answers are read. */
export interface DriverValues {
  bind(value: SqlValue): SqlValue;
  rows(result: unknown): readonly DriverRow[];
  matched(result: unknown): number;
}

/** How one engine's driver and server are talked to. */
export interface Wire {
  readonly values: DriverValues;
  readonly traffic: TrafficMeter;
  /** What begins a transaction, its settings included: nothing that is set may outlive it, because a pooler shares server connections. */
  readonly begin: Readonly<Record<AccessMode, string>>;
  /**
   * What may be sent in a read-only transaction, where the server does not refuse everything else (MariaDB: CREATE, ALTER and DROP commit
   * the transaction first, and are outside it then); null where it does.
   */
  readonly readable: RegExp | null;
  /** Puts before a statement what poolers on the way need to be told. */
  readonly addressed: (sql: string) => string;
  /** What is sent by itself where it is a single statement: the others need a transaction for their settings. */
  readonly alone: readonly AccessMode[];
  /** null where there is none (sqlite). */
  readonly socketOf: (connection: NativeConnection) => Socket | null;
  /** Closes a connection hard; must not throw. */
  readonly discard: (connection: NativeConnection) => void;
  readonly classify: (error: unknown) => ErrorClass;
  /** Whether the server, or the account, has no connection left to give. */
  readonly isFull: (error: unknown) => boolean;
}
