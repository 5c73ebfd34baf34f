/** A value that may be bound to a statement. Times are text or epoch milliseconds; no Date, no boolean, no buffer. */
export type SqlValue = string | number | bigint | null;

/** A row as the driver returns it. BIGINT arrives as string (mysql, postgres) or bigint (sqlite); times as text. */
export type DriverRow = Readonly<Record<string, unknown>>;

/** Bounds of one statement. */
export interface StatementLimits {
  /** How long the server may leave a statement without an answer before its connection is given up, milliseconds. */
  readonly deadlineMs: number;
}

/** Runs statements. `?` marks a bound value, `??` an identifier, in every dialect. */
export interface Executor {
  query(sql: string, bindings?: readonly SqlValue[], limits?: StatementLimits): Promise<readonly DriverRow[]>;
  /** @returns the number of rows matched (not merely changed) by an INSERT, UPDATE or DELETE. */
  execute(sql: string, bindings?: readonly SqlValue[], limits?: StatementLimits): Promise<number>;
}
