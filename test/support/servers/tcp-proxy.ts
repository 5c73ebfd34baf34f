import { connect, createServer, type Socket } from 'node:net';

/** Which way bytes go. */
type Direction = 'to-server' | 'to-client';

/**
 * What becomes of the bytes of one direction, and of the end of that direction. `hold` keeps them until the direction passes again;
 * `swallow` forgets them and says nothing, as a network does that has lost its way.
 */
type Treatment = 'pass' | 'hold' | 'swallow';

/** `client` and `server`: that socket alone is closed, and the other side is told nothing. */
type Cut = 'client' | 'server' | 'both';

/** One connection through the proxy. */
export interface ProxiedConnection {
  /** From 1 on, in the order in which they came. */
  readonly number: number;
  treat(direction: Direction, treatment: Treatment): void;
  cut(side: Cut): void;
}

/** Stands before a server on a port of 127.0.0.1. */
export interface TcpProxy {
  readonly port: number;
  /** All connections there are, and those to come. */
  treat(direction: Direction, treatment: Treatment): void;
  /** All connections there are. */
  cut(side: Cut): void;
  /** Connections so far. */
  accepted(): number;
  /** Bytes passed on so far. */
  passed(direction: Direction): number;
  /** Cuts everything and listens no more: whoever comes is refused. A second call does nothing. */
  close(): void;
}

export interface ProxyTarget {
  readonly host: string;
  readonly port: number;
  /**
   * Sees each piece of bytes before it is treated, so that what it says of the connection or of the proxy holds for these bytes already.
   * A piece may be less or more than one message.
   */
  readonly watch?: (bytes: Buffer, direction: Direction, connection: ProxiedConnection) => void;
}

/** Opens a proxy. The caller closes it. */
export async function openTcpProxy({ host, port, watch = () => {} }: ProxyTarget): Promise<TcpProxy> {
  const usual: Record<Direction, Treatment> = { 'to-server': 'pass', 'to-client': 'pass' };
  const passed: Record<Direction, number> = { 'to-server': 0, 'to-client': 0 };
  const open = new Set<ProxiedConnection>();
  let accepted = 0;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    accepted += 1;
    const upstream = connect({ host, port, allowHalfOpen: true });
    const count = (direction: Direction) => (bytes: number) => {
      passed[direction] += bytes;
    };
    const ways: Readonly<Record<Direction, Way>> = {
      'to-server': oneWay(client, upstream, usual['to-server'], count('to-server')),
      'to-client': oneWay(upstream, client, usual['to-client'], count('to-client')),
    };
    const connection: ProxiedConnection = {
      number: accepted,
      treat: (direction, treatment) => ways[direction].treat(treatment),
      cut: (side) => {
        // A socket that is closed here must not be taken for one that its owner closed.
        if (side !== 'server') ways['to-server'].forget();
        if (side !== 'client') ways['to-client'].forget();
        if (side !== 'server') client.destroy();
        if (side !== 'client') upstream.destroy();
      },
    };
    open.add(connection);
    const gone = (): void => {
      if (client.destroyed && upstream.destroyed) open.delete(connection);
    };
    for (const [socket, direction] of [
      [client, 'to-server'],
      [upstream, 'to-client'],
    ] as const) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('data', (bytes) => {
        watch(bytes, direction, connection);
        ways[direction].bytes(bytes);
      });
      socket.on('end', () => ways[direction].end());
      socket.on('close', () => {
        ways[direction].end();
        gone();
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const cut = (side: Cut): void => {
    for (const connection of open) connection.cut(side);
  };
  return {
    port: address.port,
    treat: (direction, treatment) => {
      usual[direction] = treatment;
      for (const connection of open) connection.treat(direction, treatment);
    },
    cut,
    accepted: () => accepted,
    passed: (direction) => passed[direction],
    close: () => {
      server.close();
      cut('both');
    },
  };
}

/** A proxy before a database server, and the address of the same database through it. */
export async function openDatabaseProxy(
  url: string,
  watch?: ProxyTarget['watch'],
): Promise<TcpProxy & { readonly url: string }> {
  const target = new URL(url);
  const proxy = await openTcpProxy({
    host: target.hostname,
    port: Number(target.port),
    ...(watch === undefined ? {} : { watch }),
  });
  target.hostname = '127.0.0.1';
  target.port = String(proxy.port);
  return { ...proxy, url: target.href };
}

/** One direction of one connection. */
interface Way {
  treat(treatment: Treatment): void;
  bytes(bytes: Buffer): void;
  /** The sender has ended. */
  end(): void;
  /** What the sender does from now on concerns nobody. What is held stays held. */
  forget(): void;
}

function oneWay(from: Socket, to: Socket, usual: Treatment, passed: (bytes: number) => void): Way {
  let treatment = usual;
  let held: Buffer[] = [];
  let state: 'open' | 'ended' | 'forgotten' = 'open';
  const pass = (bytes: Buffer): void => {
    if (to.destroyed) return;
    passed(bytes.length);
    to.write(bytes);
  };
  const endReceiver = (): void => {
    // A reset is passed on as one: whoever waits for an answer learns at once that none comes.
    if (from.errored === null) to.end();
    else to.destroy();
  };
  return {
    treat: (now) => {
      treatment = now;
      if (treatment === 'hold') return;
      if (treatment === 'pass') {
        for (const bytes of held) pass(bytes);
        if (state === 'ended') endReceiver();
      }
      held = [];
    },
    bytes: (bytes) => {
      if (treatment === 'pass') pass(bytes);
      else if (treatment === 'hold') held.push(bytes);
    },
    end: () => {
      if (state !== 'open') return;
      state = 'ended';
      if (treatment === 'pass') endReceiver();
    },
    forget: () => {
      state = 'forgotten';
    },
  };
}
