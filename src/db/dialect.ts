import type { Knex } from 'knex';
import type { Executor, SqlValue } from './executor.ts';

/** What an error from the driver means for the work in hand. */
export type ErrorClass =
  /** Deadlock, serialization failure, lock time-out, certification conflict: the whole batch may be tried again. */
  | 'conflict'
  /** The connection is gone; nothing is known about a COMMIT that was under way. */
  | 'connection-lost'
  /** The write set or packet is too large: halve the batch. */
  | 'too-large'
  /** The server has no room left on its disk, or may not use more of it. */
  | 'disk-full'
  /** The table can take no further column or value: its rows have reached the engine's limit. */
  | 'row-too-large'
  | 'login-refused'
  | 'unreachable'
  | 'no-such-database'
  | 'permission-denied'
  | 'read-only'
  | 'fatal';

export interface ColumnInfo {
  readonly name: string;
  /** The type as DDL spells it, lower case: `varchar(36)`, `int(11)`, `integer`, `bigint`. */
  readonly type: string;
  readonly nullable: boolean;
  /** Character set and collation, where the engine has them per column. */
  readonly charset: string | null;
  readonly collation: string | null;
}

export interface TableInfo {
  readonly name: string;
  /** Storage engine on MySQL and MariaDB (`InnoDB`, `MyISAM`); null elsewhere. */
  readonly engine: string | null;
  /** In the table's own order. */
  readonly columns: readonly ColumnInfo[];
  /** Names of triggers on the table. */
  readonly triggers: readonly string[];
  /** `some`: row-level security keeps rows from this account. */
  readonly hiddenRows: 'none' | 'some';
}

/** Something that the server does by itself when a row is updated, whichever of its columns is written. */
export type Reaction =
  /** `ON UPDATE CURRENT_TIMESTAMP`. */
  | { readonly kind: 'column'; readonly name: string }
  | {
      readonly kind: 'trigger';
      readonly name: string;
      /** What it runs; null where that is no SQL (a function in C), or this account may not read it (MariaDB: no privilege TRIGGER). */
      readonly body: string | null;
      /** The columns whose update fires it; null: any. */
      readonly columns: readonly string[] | null;
    }
  /** PostgreSQL: a rule that rewrites the statement. */
  | { readonly kind: 'rule'; readonly name: string }
  /** MariaDB: system versioning keeps the old row. */
  | { readonly kind: 'versioning' };

/** Declares the columns and the key of a table that is being created; knex's own. */
export type TableBuilder = Knex.CreateTableBuilder;

/** Bounds of a batch that is steered by the time it takes: whoever writes to one of its rows waits as long. */
export interface BatchBounds {
  /** Rows. */
  readonly start: number;
  readonly least: number;
  readonly most: number;
  /** Milliseconds that a batch should take. */
  readonly target: number;
}

/** A table that values are taken from. */
export interface JoinedSource {
  readonly table: string;
  readonly alias: string;
}

/**
 * An UPDATE of one table from others, joined row by row; each target row must meet at most one row of the sources. All SQL fragments
 * use the aliases given. The expressions of `set` must not read a target column that the same update sets: engines differ
 * in whether they see the old or the new value.
 */
export interface JoinedUpdate {
  readonly target: JoinedSource;
  /** The one that drives the join, by `where`. */
  readonly source: JoinedSource;
  /** Looked up by their keys, one row each for every row of `source`; `on` names that row. */
  readonly lookups?: readonly (JoinedSource & { readonly on: string })[];
  /** Names the target row for a row of `source`. */
  readonly on: string;
  /** Target column to SQL expression. */
  readonly set: Readonly<Record<string, string>>;
  readonly where: string;
  /** Of `set` in the order of its keys, then of `where`. `on` takes none: engines put it before `set` or after it. */
  readonly bindings: readonly SqlValue[];
}

/**
 * Everything in which the engines differ. Callers know no engine: a difference that is not here is a defect.
 */
export interface Dialect {
  readonly name: 'mysql' | 'postgres' | 'sqlite';
  /** For a person: `MariaDB 10.11.19`, `PostgreSQL 15.18`, `SQLite 3.53.0`. */
  readonly serverVersion: string;
  /** A Galera cluster member. Consequence: reads wait for causality, lanes stay at one. */
  readonly galera: boolean;
  /** DDL takes part in transactions (postgres, sqlite). Consequence: a table and its indexes are made together. */
  readonly transactionalDdl: boolean;
  /** Transactions that usefully write side by side, and how many the engine allows; sqlite has one writer, Galera's abort each other. */
  readonly lanes: { readonly useful: number; readonly most: number };
  /** How large batches are; from which one on they are steered by what they take. */
  readonly batches: BatchBounds;
  /**
   * Ends a SELECT whose rows nobody may change until the transaction is over, while others may lock them in the same way. null:
   * such a lock would not reach the other nodes (Galera), and only a write is certified.
   */
  readonly sharedLock: string | null;
  /**
   * The column that numbers rows as they lie in the file, where reading in the order of a text key would jump about in it (sqlite:
   * `rowid`); null where a table lies in the order of its primary key, or reading in another order cannot be had.
   */
  readonly rowNumber: string | null;
  /** A text that is another one after row numbers were given anew (sqlite: VACUUM); the same text always where there are none. */
  rowNumbering(executor: Executor): Promise<string>;

  /** Quotes one identifier. */
  quote(identifier: string): string;
  /**
   * SQL that is true when two text expressions are the same bytes or both NULL: case, blanks and collation count.
   * Operands may have different character sets.
   */
  sameBytes(left: string, right: string): string;
  /** SQL for the server's clock, epoch milliseconds UTC, as BIGINT. */
  readonly nowMs: string;
  /** SQL for the number of characters of a text; of what lies before a NUL character, where the engine ends texts there (sqlite). */
  characters(expression: string): string;
  /** SQL that is true for NULL and for a value of that type; null where a column holds nothing else than what it was declared as. */
  isOfType(column: string, type: 'text' | 'integer'): string | null;
  /** SQL that casts an expression (BIGINT or integer key) to text. */
  asText(expression: string): string;

  /** Inserts many rows with as few statements as the engine's limits allow. @returns rows inserted. */
  insertRows(
    executor: Executor,
    table: string,
    columns: readonly string[],
    rows: readonly (readonly SqlValue[])[],
  ): Promise<number>;
  /** The same, but for rows whose primary key is there already: these stay as they are. Never fails because of another process. */
  insertMissingRows(
    executor: Executor,
    table: string,
    columns: readonly string[],
    rows: readonly (readonly SqlValue[])[],
  ): Promise<void>;
  /** @returns rows matched. */
  updateJoined(executor: Executor, update: JoinedUpdate): Promise<number>;

  /** Names of all base tables. */
  listTables(executor: Executor): Promise<readonly string[]>;
  /** Names of all views. */
  listViews(executor: Executor): Promise<readonly string[]>;
  /** null where there is no such table. */
  describeTable(executor: Executor, table: string): Promise<TableInfo | null>;
  /**
   * What else happens when rows of a table are updated. MySQL and MariaDB list triggers only for an account with the privilege TRIGGER on the
   * table.
   */
  reactionsToUpdate(executor: Executor, table: string): Promise<readonly Reaction[]>;
  /** A column's type as DDL spells it, with character set and collation: for another column that holds the same values. */
  columnType(of: ColumnInfo): string;
  /** `CREATE TABLE`, in InnoDB where there is a choice. One statement: a table is there as a whole or not at all. */
  createTable(name: string, define: (table: TableBuilder) => void): readonly string[];
  /** `CREATE VIEW`; who reads it needs the right to read the tables behind it. */
  createView(name: string, select: string): readonly string[];
  /** Adds nullable varchar columns online (INSTANT where the engine has it). */
  addColumns(table: string, columns: readonly { readonly name: string; readonly length: number }[]): readonly string[];
  dropColumns(table: string, columns: readonly string[]): readonly string[];
  dropTable(name: string): readonly string[];
  dropView(name: string): readonly string[];
  /**
   * How an ALTER TABLE that adds or drops columns also rebuilds the table online, so that nothing of dropped columns stays behind: InnoDB
   * keeps them hidden, and after some thirty of them no column can be added. `clause` ends the statement; a table of more than `mostBytes`
   * is not rebuilt beside a live Glance (on Galera the whole cluster waits for it). null where there is nothing to gain.
   */
  readonly rebuild: { readonly clause: string; readonly mostBytes: number } | null;
  /**
   * DDL that waits for a table for one second at most, as statements; in a transaction where DDL takes part in one. Whoever comes after a
   * waiting ALTER waits as long.
   */
  waitingOneSecond(statements: readonly string[]): readonly string[];
  /** What the server's own statistics say a table takes with its indexes, bytes; 0 where it says nothing. */
  tableBytes(executor: Executor, table: string): Promise<number>;

  /** Where the server keeps this database, a directory of its own machine; null where it does not say. */
  dataDirectory(executor: Executor): Promise<string | null>;
  /** Whether the server as a whole refuses writes (read_only, standby, file mode), with the reason for the operator. */
  readOnlyReason(executor: Executor): Promise<string | null>;
  /**
   * Which of the privileges the user lacks on a table, asked of the server and not guessed; empty where nothing is missing.
   * Engines without accounts (sqlite) answer empty.
   */
  missingPrivileges(executor: Executor, table: string, privileges: readonly Privilege[]): Promise<readonly Privilege[]>;
  /**
   * Ends server sessions of a runner whose lease was taken over, by the names that its `Database.sessions` gave; those that meanwhile
   * belong to somebody else, that do no work at this moment, or that this account may not end, stay. Missing rights are no error.
   *
   * @returns how many were ended.
   */
  endSessions(executor: Executor, names: readonly string[]): Promise<number>;
  classify(error: unknown): ErrorClass;
}

export type Privilege =
  | 'select'
  | 'insert'
  | 'update'
  | 'delete'
  | 'create'
  | 'create view'
  | 'alter'
  | 'drop'
  /** To see the triggers of a table (MySQL, MariaDB); held by everybody elsewhere. */
  | 'trigger';
