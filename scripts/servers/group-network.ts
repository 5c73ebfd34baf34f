import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * The network between the nodes of a cluster, as a proxy for each pair and direction. Node j reaches node i at 127.0.j.i, on the port that i
 * listens on at 127.0.0.1; i sees j come from 127.0.i.j, and Galera (gmcast) takes that, with the port j says of itself, for j's address.
 * So every address that a node knows of another is a proxy's.
 */
export interface GroupNetwork {
  /** What node `of` gives as its cluster's addresses. Nodes are counted from 0. */
  addresses(of: number): string;
  /**
   * Takes one node out: what it says and what is said to it is swallowed, and nobody is told. New connections are swallowed whoever they
   * are between, because a node may try the way that another node has told it of.
   */
  part(node: number): void;
  /** Ends every connection that was swallowed; nodes connect anew. */
  heal(): void;
  close(): void;
}

interface Link {
  readonly ends: readonly [number, number];
  readonly sockets: readonly Socket[];
  swallowed: boolean;
}

/** @param ports of the nodes' group communication */
export async function openGroupNetwork(ports: readonly number[]): Promise<GroupNetwork> {
  const links = new Set<Link>();
  const servers: Server[] = [];
  let parted = false;
  const address = (from: number, to: number): string => `127.0.${from + 1}.${to + 1}`;

  for (const [from] of ports.entries()) {
    for (const [to, port] of ports.entries()) {
      if (from === to) continue;
      const server = createServer({ noDelay: true }, (client) => {
        const upstream = parted
          ? null
          : connect({ host: '127.0.0.1', port, localAddress: address(to, from), noDelay: true });
        const sockets = upstream === null ? [client] : [client, upstream];
        const link: Link = { ends: [from, to], sockets, swallowed: parted };
        links.add(link);
        for (const socket of sockets) {
          const other = socket === client ? upstream : client;
          socket.on('error', () => {});
          socket.on('data', (bytes) => {
            if (!link.swallowed) other?.write(bytes);
          });
          socket.on('close', () => {
            links.delete(link);
            if (!link.swallowed) other?.destroy();
          });
        }
      });
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, address(from, to), resolve);
      });
      server.unref();
      servers.push(server);
    }
  }

  const end = (kind: 'swallowed' | 'all'): void => {
    for (const { sockets, swallowed } of links) {
      if (kind === 'all' || swallowed) for (const socket of sockets) socket.destroy();
    }
  };
  return {
    addresses: (of) =>
      ports.flatMap((port, other) => (other === of ? [] : [`${address(of, other)}:${port}`])).join(','),
    part: (node) => {
      parted = true;
      for (const link of links) link.swallowed ||= link.ends.includes(node);
    },
    heal: () => {
      parted = false;
      end('swallowed');
    },
    close: () => {
      for (const server of servers) server.close();
      end('all');
    },
  };
}
