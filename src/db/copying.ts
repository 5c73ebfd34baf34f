import type { Executor, StatementLimits } from './executor.ts';

/** How a table is made somewhere else on the same kind of server. Statements name it without its schema. */
interface TableDefinition {
  /** Run before there are rows. */
  readonly create: readonly string[];
  /** Run once the rows are there: indexes and constraints that are quicker to make then. */
  readonly afterRows: readonly string[];
}

/** What a row is as a text: equal for two rows where every value is the same, byte for byte. */
interface RowText {
  /** Columns to which an INSERT may give values, in the table's own order. */
  readonly columns: readonly string[];
  /** SQL of the row as a tuple of literals, `('a',1,NULL)`, which an INSERT on the same kind of server takes. */
  readonly sql: string;
}

/** Copies tables, and tells whether two of them hold the same. */
export interface TableCopying {
  /**
   * The definition without foreign keys and triggers: both name tables and functions that are not copied, and no
   * command writes a column that a foreign key is about.
   */
  definition(executor: Executor, table: string): Promise<TableDefinition>;
  /** @param omitted columns that do not count. */
  rowText(executor: Executor, table: string, omitted?: readonly string[]): Promise<RowText>;
  /**
   * SQL of a number of 32 bits, from the first or the second half of 64 bits of a cryptographic digest of a text. Sums
   * of it are exact up to two billion rows.
   */
  digest(text: string, half: 'first' | 'second'): string;
  /** Everything that the current schema holds, in the order of the texts: `table images`, `view v`. */
  contents(executor: Executor): Promise<readonly string[]>;
  /** Lets an open database take rows whose parent row is missing: nobody may have checked the source's for years. */
  admitOrphans(executor: Executor): Promise<void>;
  /**
   * Sends a statement as it is: a `?` in it is no placeholder. For definitions and for rows.
   *
   * @param executor of a transaction that may write.
   */
  send(executor: Executor, statement: string, limits?: StatementLimits): Promise<void>;
  /** Lets the server gather statistics of tables that have just been filled. @param executor as for `send`. */
  settle(executor: Executor, tables: readonly string[]): Promise<void>;
  /** Size of tables with their indexes, bytes; exact after `settle`. */
  storedBytes(executor: Executor, tables: readonly string[]): Promise<number>;
}
