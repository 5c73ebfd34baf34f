import type { Knex } from 'knex';
import type { TableCopying } from './copying.ts';
import type { Executor, Observer, SqlValue } from './executor.ts';
import type { BatchBounds, FlowControlReading, NeighbourReading, Pressure } from './pressure.ts';

/** What a driver's error means for the caller. */
export type ErrorClass =
  /** Deadlock, serialization failure, lock time-out, certification conflict: the whole batch can be tried again. */
  | 'conflict'
  /** The connection is gone; whether a COMMIT that was under way took effect is unknown. */
  | 'connection-lost'
  /** The write set or packet is too large: halve the batch. */
  | 'too-large'
  /** The server's disk or quota is full. */
  | 'disk-full'
  /** The table cannot take another column or value: its rows have reached the engine's limit. */
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

/** Something that the server does by itself when a row is updated, whichever column is written. */
export type Reaction =
  /** `ON UPDATE CURRENT_TIMESTAMP`. */
  | { readonly kind: 'column'; readonly name: string }
  | {
      readonly kind: 'trigger';
      readonly name: string;
      /**
       * What it runs; null where that is not SQL (a function in C), or where this account may not read it (MariaDB: no
       * privilege TRIGGER).
       */
      readonly body: string | null;
      /** The columns whose update fires it; null: any. */
      readonly columns: readonly string[] | null;
    }
  /** PostgreSQL: a rule rewrites the statement. */
  | { readonly kind: 'rule'; readonly name: string }
  /** MariaDB: system versioning keeps the old row. */
  | { readonly kind: 'versioning' };

/** Declares the columns and the key of a table that is being created; knex's own. */
export type TableBuilder = Knex.CreateTableBuilder;

/** A table of a joined update. */
export interface JoinedSource {
  readonly table: string;
  readonly alias: string;
}

/**
 * An UPDATE of one table from others, joined row by row. At most one row of the sources may match each target row. All
 * SQL fragments use the given aliases. The expressions of `set` must not read a target column that the same update
 * sets: engines differ in whether they see the old or the new value.
 */
export interface JoinedUpdate {
  readonly target: JoinedSource;
  /** The table that drives the join; `where` selects its rows. */
  readonly source: JoinedSource;
  /** Tables looked up by key, one row each for every row of `source`; `on` selects that row. */
  readonly lookups?: readonly (JoinedSource & { readonly on: string })[];
  /** Selects the target row for a row of `source`. */
  readonly on: string;
  /** Target column to SQL expression. */
  readonly set: Readonly<Record<string, string>>;
  readonly where: string;
  /**
   * Those of `set` in the order of its keys, then those of `where`. `on` takes none: engines put it before or after
   * `set`.
   */
  readonly bindings: readonly SqlValue[];
}

/** SQL for one column of a page whose rows are aggregated. */
interface PackedColumn {
  /** One text of all values, `MISSING` of `statements/pack.ts` where one is NULL, with `SEPARATOR` between them. */
  readonly texts: string;
  /** Number of values that are text or whole numbers. */
  readonly present: string;
}

/** A table as a row of blocks, numbered from 0. Rows that are updated move to another block. */
export interface TableBlocks {
  /** Sent as the first statement of a transaction: all of its statements see the same rows. */
  readonly oneSnapshot: string;
  /** @returns 0 where the table does not lie in one file. */
  count(executor: Executor, table: string): Promise<number>;
  /** SQL that is true for rows in blocks from `first`, before `end`. */
  within(alias: string, first: number, end: number): string;
}

/** Everything in which the engines differ. A caller that asks for the engine's name is a defect. */
export interface Dialect {
  readonly name: 'mysql' | 'postgres' | 'sqlite';
  /** For a person: `MariaDB 10.11.19`, `PostgreSQL 15.18`, `SQLite 3.53.0`. */
  readonly serverVersion: string;
  /** A member of a Galera cluster. Consequence: reads wait for causality, lanes stay at one. */
  readonly galera: boolean;
  /** DDL takes part in transactions (postgres, sqlite). Consequence: all steps of a schema change commit together. */
  readonly transactionalDdl: boolean;
  /** How many transactions may write side by side: sqlite has one writer. */
  readonly mostLanes: number;
  readonly batches: BatchBounds;
  /** How hard to press while nobody else writes or waits, and beside others. */
  readonly pressure: { readonly alone: Pressure; readonly beside: Pressure };
  /** Who respects a row lock. `one-node`: the other nodes of a Galera cluster do not; they only certify writes. */
  readonly rowLocks: 'everywhere' | 'one-node';
  /**
   * The column that numbers rows as they lie in the file (sqlite: `rowid`), where reading in the order of a text key
   * would jump about in it; null where tables lie in the order of their primary key or cannot be read in another order.
   */
  readonly rowNumber: string | null;
  /**
   * A text that changes whenever rows may have been numbered anew (sqlite: VACUUM); constant where rows have no
   * numbers.
   */
  rowNumbering(executor: Executor): Promise<string>;

  /** Quotes one identifier. */
  quote(identifier: string): string;
  /**
   * SQL that is true when two text expressions are the same bytes or both NULL: case, blanks and collation count.
   * Operands may have different character sets.
   */
  sameBytes(left: string, right: string): string;
  /** SQL of a text expression that compares with a bound text by its bytes. */
  exactText(expression: string): string;
  /** SQL for the server's clock, epoch milliseconds UTC, as BIGINT. */
  readonly nowMs: string;
  /** SQL for the number of characters of a text; sqlite counts those before the first NUL character. */
  characters(expression: string): string;
  /**
   * SQL that is true for NULL and for a value of that type; null where columns only hold values of their declared type.
   */
  isOfType(column: string, type: 'text' | 'integer'): string | null;
  /**
   * SQL of a number of 32 bits that changes with the bytes of some texts joined by commas, NULL left out. It is
   * compared within one run of the program only.
   */
  digest(texts: readonly string[]): string;
  /**
   * Whether `INSERT … SELECT … RETURNING` hands out the rows that it inserted. Elsewhere (MySQL) they are read back.
   */
  readonly returnsInserted: boolean;
  /**
   * A text that stays the same as long as no other connection commits anything; null where the engine does not tell.
   *
   * @param executor of a transaction that may write.
   */
  changeMark(executor: Executor): Promise<string | null>;
  /** SQL that casts an expression (BIGINT or integer key) to text. */
  asText(expression: string): string;
  /**
   * Reads a table in the order in which it lies in its file, where reading in the order of its key would jump about in
   * it and `rowNumber` is null (postgres 14 and later); null elsewhere.
   */
  readonly blocks: TableBlocks | null;
  /**
   * SQL that packs a column of a page into one text, for `unpack`: a driver takes a microsecond for each row, and the
   * garbage collector as much. null where the server takes longer for it (MariaDB: twice as long as for the rows).
   */
  readonly pack: ((column: string) => PackedColumn) | null;

  /** Inserts rows with as few statements as the engine's limits allow. @returns rows inserted. */
  insertRows(
    executor: Executor,
    table: string,
    columns: readonly string[],
    rows: readonly (readonly SqlValue[])[],
  ): Promise<number>;
  /** Inserts only rows whose primary key is not there yet. Never fails because another process inserts the same key. */
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
   * What else happens when rows of a table are updated. MySQL and MariaDB show triggers only to accounts with the
   * privilege TRIGGER on the table.
   */
  reactionsToUpdate(executor: Executor, table: string): Promise<readonly Reaction[]>;
  /**
   * A column's type as DDL spells it, with character set and collation: for another column that holds the same values.
   */
  columnType(of: ColumnInfo): string;
  /** `CREATE TABLE`, in InnoDB where there is a choice. One statement: a table is there as a whole or not at all. */
  createTable(name: string, define: (table: TableBuilder) => void): readonly string[];
  /** `CREATE VIEW`, read with the rights of the reader where the engine has a choice. */
  createView(name: string, select: string): readonly string[];
  /** Adds nullable varchar columns online (INSTANT where the engine has it). */
  addColumns(table: string, columns: readonly { readonly name: string; readonly length: number }[]): readonly string[];
  dropColumns(table: string, columns: readonly string[]): readonly string[];
  dropTable(name: string): readonly string[];
  dropView(name: string): readonly string[];
  /**
   * The clause with which an ALTER TABLE that adds or drops columns also rebuilds the table online. Without a rebuild
   * InnoDB keeps dropped columns hidden, and after some thirty of them it refuses new ones. A table of more than
   * `mostBytes` is not rebuilt beside a live Glance (on Galera the whole cluster waits for it). null where a rebuild
   * gains nothing.
   */
  readonly rebuild: { readonly clause: string; readonly mostBytes: number } | null;
  /**
   * DDL that waits for a table for at most one second; it runs in a transaction where DDL takes part in one. Every
   * statement that comes after a waiting ALTER waits as long.
   */
  waitingOneSecond(statements: readonly string[]): readonly string[];
  /** Size of a table with its indexes by the server's own statistics, bytes; 0 where it has none. */
  tableBytes(executor: Executor, table: string): Promise<number>;

  /** The directory in which the server's machine keeps this database; null where the server does not say. */
  dataDirectory(executor: Executor): Promise<string | null>;
  /**
   * Why the server as a whole refuses writes (read_only, standby, file mode), for the operator; null where it accepts
   * them.
   */
  readOnlyReason(executor: Executor): Promise<string | null>;
  /**
   * The privileges that the user lacks on a table, as the server says. Empty where nothing is missing and for engines
   * without accounts (sqlite).
   */
  missingPrivileges(executor: Executor, table: string, privileges: readonly Privilege[]): Promise<readonly Privilege[]>;
  /**
   * Ends the server sessions of a runner whose lease was taken over, by the names that its `Database.sessions` gave.
   * Sessions that now belong to somebody else, are idle, or may not be ended by this account are left. A missing right
   * is no error.
   *
   * @returns how many it ended.
   */
  endSessions(executor: Executor, names: readonly string[]): Promise<number>;
  /**
   * Looks for others who write, and wait where they meet a batch. Needs no privilege that writing does not need, and
   * costs the server a millisecond at most.
   *
   * @param observer that asks on a connection which also writes; `Database.observe` has one.
   */
  readonly readNeighbours: (observer: Observer) => Promise<NeighbourReading>;
  /** Reads for how long Galera's flow control has held up the node that answers; null outside a Galera cluster. */
  readonly readFlowControl: ((observer: Observer) => Promise<FlowControlReading>) | null;
  /**
   * Counts the sessions that run a statement now, those of this program among them; null for an engine without sessions
   * (sqlite). Needs no privilege.
   */
  readonly readRunning: ((observer: Observer) => Promise<number>) | null;
  classify(error: unknown): ErrorClass;
  /** Copies tables to another place, and compares them with what was copied. */
  readonly copying: TableCopying;
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
  /** To see the triggers of a table (MySQL, MariaDB); elsewhere every account has it. */
  | 'trigger';
