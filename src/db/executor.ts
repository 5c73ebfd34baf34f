import type { Knex } from 'knex';

/** A value that may be bound to a statement. Times are text or epoch milliseconds; no Date, no boolean, no buffer. */
export type SqlValue = string | number | bigint | null;

/** A row as the driver returns it. BIGINT arrives as string (mysql, postgres) or bigint (sqlite); times as text. */
export type DriverRow = Readonly<Record<string, unknown>>;

/** Bounds of one statement. */
export interface StatementLimits {
  /** How long the server may leave a statement without an answer before its connection is given up, milliseconds. */
  readonly deadlineMs: number;
}

/** What knex makes of a statement; `Knex.QueryBuilder` and `Knex.Raw` are such. */
interface BuiltStatement {
  toSQL(): { readonly sql: string; readonly bindings: readonly unknown[] };
}

/**
 * Builds statements in an engine's SQL. It has no connection: what it built must not be awaited, only handed to an
 * executor.
 */
export type StatementBuilder = Knex;

/** SQL text, where `?` marks a bound value and `??` an identifier; or a statement built with knex. */
export type SqlStatement = string | ((knex: StatementBuilder) => BuiltStatement);

/** Runs statements. Bindings belong to text; a built statement brings its own. */
export interface Executor {
  query(
    statement: SqlStatement,
    bindings?: readonly SqlValue[],
    limits?: StatementLimits,
  ): Promise<readonly DriverRow[]>;
  /** @returns the number of rows matched (not merely changed) by an INSERT, UPDATE or DELETE. */
  execute(statement: SqlStatement, bindings?: readonly SqlValue[], limits?: StatementLimits): Promise<number>;
}

/** Runs the few statements that ask a server about itself. */
export type Observer = Pick<Executor, 'query'>;
