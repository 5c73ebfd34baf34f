import type { Dialect } from './dialect.ts';
import type { DriverRow, Executor, Observer, SqlValue } from './executor.ts';

export type { DriverRow, Executor, Observer, SqlValue };

/**
 * `read-only`: the session can write nothing, enforced by the engine (read-only transactions, or a file opened
 * read-only). `read-write`: READ COMMITTED on servers.
 */
export type AccessMode = 'read-only' | 'read-write';

/** One database, open for reading or for writing. Times are UTC, text is UTF-8. */
export interface Database extends Executor {
  readonly dialect: Dialect;
  readonly mode: AccessMode;
  /** Host, port and database, or the file; never a user's password. */
  readonly label: string;
  /**
   * Runs `work` in one transaction: commits when it resolves, rolls back when it rejects. The first error of any kind
   * ends the transaction and its connection; `work` must not catch one and continue.
   * @throws what `work` or COMMIT rejected with, unchanged; `dialect.classify` says what it means.
   */
  transaction<T>(work: (trx: Executor) => Promise<T>): Promise<T>;
  /**
   * Names of the live server sessions that writing transactions may use, for a successor's `Dialect.endSessions`. They
   * change as connections open and close. Empty where the engine has no sessions.
   */
  sessions(): readonly string[];
  /**
   * Asks the server about itself, in statements that stand alone and are never repeated. Waits for a connection while
   * all are in use, and ten seconds for an answer. @throws as `execute` does.
   */
  observe<T>(read: (observer: Observer) => Promise<T>): Promise<T>;
  /** The same database over the same connections, for work that cannot write. It is closed with this one. */
  readOnly(): Database;
  /** What its connections carried so far. */
  usage(): ConnectionUsage;
  close(): Promise<void>;
}

/** What the connections of one database carried since it was opened. */
export interface ConnectionUsage {
  /** Statements issued, BEGIN and COMMIT among them. */
  readonly statements: number;
  /** Bytes as the sockets counted them; 0 where there are none (sqlite). */
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

interface CountedSocket {
  readonly bytesWritten: number;
  readonly bytesRead: number;
  once(event: 'close', listener: () => void): unknown;
}

/** Counts while statements run, at the cost of one addition per statement. */
export interface ConnectionUsageMeter {
  count(statements: number): void;
  /** Adds a connection's socket; its bytes count until after it is closed. */
  watch(socket: CountedSocket): void;
  read(): ConnectionUsage;
}

export function createUsageMeter(): ConnectionUsageMeter {
  const open = new Set<CountedSocket>();
  const closed = { bytesSent: 0, bytesReceived: 0 };
  let statements = 0;
  return {
    count(more) {
      statements += more;
    },
    watch(socket) {
      open.add(socket);
      socket.once('close', () => {
        open.delete(socket);
        closed.bytesSent += socket.bytesWritten;
        closed.bytesReceived += socket.bytesRead;
      });
    },
    read() {
      const sum = { statements, ...closed };
      for (const { bytesWritten, bytesRead } of open) {
        sum.bytesSent += bytesWritten;
        sum.bytesReceived += bytesRead;
      }
      return sum;
    },
  };
}
