import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { openTcpProxy, type ProxiedConnection, type ProxyTarget } from './tcp-proxy.ts';

describe('the proxy that stands between a test and its server', () => {
  it('passes bytes and ends on, both ways, and counts', async () => {
    const { proxy, client, server, end } = await connected();
    client.write('hello');
    await vi.waitFor(() => expect(server()).toBe('hello'));
    expect([proxy.accepted(), proxy.passed('to-server'), proxy.passed('to-client')]).toEqual([1, 5, 5]);
    client.end();
    await vi.waitFor(() => expect(end()).toBe('ended'));
  });

  it('holds what a client sent last, and passes it on after the client is gone', async () => {
    const { proxy, client, server, end, seen, connections } = await connected((bytes, _direction, connection) => {
      if (bytes.includes('COMMIT')) connection.treat('to-server', 'hold');
    });
    client.write('one');
    await vi.waitFor(() => expect(server()).toBe('one'));
    client.write('COMMIT');
    client.write(' and more');
    await vi.waitFor(() => expect(seen()).toBe('oneoneCOMMIT and more'));
    const [connection] = connections;
    connection?.cut('client');
    await vi.waitFor(() => expect(client.destroyed).toBe(true));
    expect([server(), end(), proxy.passed('to-server')]).toEqual(['one', 'open', 3]);
    connection?.treat('to-server', 'pass');
    await vi.waitFor(() => expect(server()).toBe('oneCOMMIT and more'));
    expect(end()).toBe('open');
    connection?.cut('server');
    await vi.waitFor(() => expect(end()).toBe('ended'));
  });

  it('swallows bytes and ends, of connections that come later as well, and says nothing', async () => {
    const { proxy, client, server, end, seen } = await connected();
    client.write('before');
    await vi.waitFor(() => expect(server()).toBe('before'));
    for (const direction of ['to-server', 'to-client'] as const) proxy.treat(direction, 'swallow');
    client.write('lost');
    client.end();
    const late = await dial(proxy.port);
    let answered = '';
    late.on('data', (bytes) => (answered += String(bytes)));
    late.write('lost as well');
    await vi.waitFor(() => expect(seen()).toBe('beforebeforelostlost as well'));
    proxy.treat('to-client', 'pass');
    proxy.treat('to-server', 'pass');
    late.write('after');
    await vi.waitFor(() => expect(answered).toBe('after'));
    expect(server()).toBe('beforeafter');
    proxy.close();
    await vi.waitFor(() => expect(end()).toBe('ended'));
  });

  it('refuses everybody once it is closed', async () => {
    const { proxy, client } = await connected();
    proxy.close();
    proxy.close();
    await vi.waitFor(() => expect(client.destroyed).toBe(true));
    await expect(dial(proxy.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

/** A server that echoes, a proxy before it and a client of that. */
async function connected(watch: NonNullable<ProxyTarget['watch']> = () => {}) {
  let received = '';
  let ended: 'open' | 'ended' = 'open';
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      received += String(bytes);
      socket.write(bytes);
    });
    socket.on('close', () => (ended = 'ended'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const connections: ProxiedConnection[] = [];
  let seen = '';
  const proxy = await openTcpProxy({
    host: '127.0.0.1',
    port: address.port,
    watch: (bytes, direction, connection) => {
      seen += String(bytes);
      if (!connections.includes(connection)) connections.push(connection);
      watch(bytes, direction, connection);
    },
  });
  onTestFinished(() => proxy.close());
  const client = await dial(proxy.port);
  client.resume();
  return { proxy, client, connections, seen: () => seen, server: () => received, end: () => ended };
}

async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.on('error', () => {});
  return socket;
}
