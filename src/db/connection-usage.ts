/** What the connections of one database carried since it was opened. */
export interface ConnectionUsage {
  /** Statements issued, BEGIN and COMMIT among them. */
  readonly statements: number;
  /** Bytes as the sockets counted them; 0 where there are none (sqlite). */
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** The part of a socket that is counted. */
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
