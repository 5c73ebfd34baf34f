import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

import type { Certificate } from './http-store.ts';

/** What a proxy was asked for: `GET http://host/path` or `CONNECT host:port`, and what came with it. */
interface Asked {
  readonly line: string;
  readonly authorization: string | undefined;
  readonly token: string | undefined;
}

export interface ProxyServer {
  readonly origin: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

/**
 * A real forward proxy on a free port of 127.0.0.1.
 *
 * @param login value of Proxy-Authorization without which it answers 407; null: it lets everybody through.
 */
export async function proxyServer(login: string | null = null, certificate?: Certificate): Promise<ProxyServer> {
  const asked: Asked[] = [];
  const sockets = new Set<Duplex>();
  const note = ({ method, url, headers }: IncomingMessage): boolean => {
    const authorization = headers['proxy-authorization'];
    const token = headers['x-auth-token'];
    asked.push({ line: `${method} ${url}`, authorization, token: typeof token === 'string' ? token : undefined });
    return login === null || authorization === login;
  };
  const forward = (incoming: IncomingMessage, response: ServerResponse): void => {
    if (!note(incoming)) {
      response.writeHead(407, { 'proxy-authenticate': 'Basic' }).end();
      return;
    }
    const { 'proxy-authorization': _, ...headers } = incoming.headers;
    const outgoing = request(incoming.url ?? '', { method: incoming.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.writeHead(502).end());
    incoming.pipe(outgoing);
  };
  const server = certificate === undefined ? createServer(forward) : createTlsServer(certificate, forward);
  server.on('connect', (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
    sockets.add(client);
    client.on('error', () => undefined);
    if (!note(incoming)) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const [, host = '', port] = /^(.*):(\d+)$/u.exec(incoming.url ?? '') ?? [];
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    sockets.add(upstream);
    upstream.on('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    origin: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
