import type { Socket } from 'node:net';

/** What went over the connections of one database since it was opened. */
export interface Traffic {
  /** Statements issued, BEGIN and COMMIT among them. */
  readonly statements: number;
  /** Bytes as the sockets counted them; 0 where there are none (sqlite). */
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** Counts while statements run; what it costs is one addition a statement. */
export interface TrafficMeter {
  count(statements: number): void;
  /** Takes in a connection's socket; its bytes count until after it is closed. */
  watch(socket: Pick<Socket, 'bytesWritten' | 'bytesRead' | 'once'>): void;
  read(): Traffic;
}

export function createTrafficMeter(): TrafficMeter {
  const open = new Set<Pick<Socket, 'bytesWritten' | 'bytesRead'>>();
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
