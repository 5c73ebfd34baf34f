import type { AddressInfo, Server } from 'node:net';

import { createServer, createConnection, type Connection } from 'mysql2';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { sharingProxy, type Greeting } from '../../../../src/db/engines/mysql/shared-connection.ts';
import { adminUrl, ENGINES, openForTest } from '../../../support/servers/engines.ts';
import { runCli } from '../../../support/program/run-cli.ts';
import { openDatabaseProxy } from '../../../support/servers/tcp-proxy.ts';

describe('sharingProxy', () => {
  const server: Greeting = {
    threadId: 5,
    handshakeVersion: '5.5.5-10.11.19-MariaDB-0+deb12u1',
    connectionId: '5',
    version: '10.11.19-MariaDB-0+deb12u1',
    comment: 'Debian 12',
  };

  it.each<[string, Partial<Greeting>]>([
    ['MariaDB', {}],
    ['MySQL', { handshakeVersion: '8.0.44', version: '8.0.44', comment: 'MySQL Community Server - GPL' }],
    ['a server that has counted beyond 32 bits', { connectionId: String(2n ** 32n + 5n) }],
  ])('knows %s as a server', (_title, greeting) => {
    expect(sharingProxy({ ...server, ...greeting })).toBeNull();
  });

  it.each<[string, Partial<Greeting>]>([
    ['ProxySQL', { comment: '(ProxySQL)' }],
    ['ProxySQL', { handshakeVersion: '8.0.11 (ProxySQL)' }],
    ['maxscale', { handshakeVersion: '5.5.5-10.11.19 24.02.4-maxscale' }],
    ['a proxy that speaks for the server', { threadId: 6 }],
    ['a proxy that speaks for the server', { handshakeVersion: '5.7.0' }],
  ])('knows %s', (name, greeting) => {
    expect(sharingProxy({ ...server, ...greeting })).toBe(name);
  });
});

/** Packets of a statement are counted anew; the driver's part for servers counts on. */
function begin(client: object): void {
  Object.assign(client, { sequenceId: 0 });
}

/** The driver's part for servers, as far as it is used here; its own types leave out most of it. */
interface ServedClient {
  serverHandshake(parameters: object): void;
  on(event: 'error' | 'query', listener: (sql: string) => void): void;
  writeOk(): void;
  writeError(error: { readonly message: string; readonly code: number }): void;
  writeTextResult(rows: unknown, fields: unknown): void;
}

/** Without what changes by itself. */
const SETTINGS = "SHOW SESSION VARIABLES WHERE Variable_name NOT IN ('timestamp', 'rand_seed1', 'rand_seed2')";

describe.runIf(ENGINES.includes('mariadb'))('a connection through a proxy', () => {
  let backend: Connection;
  let version: string;
  const statements: string[] = [];
  const url = new URL(ENGINES.includes('mariadb') ? adminUrl('mariadb') : 'mysql://none');

  beforeAll(async () => {
    backend = createConnection({ host: url.hostname, port: Number(url.port), user: 'root', database: 'mysql' });
    const [row] = await ask('SELECT VERSION() AS version');
    version = String(row?.['version']);
  });
  afterAll(() => backend.destroy());

  async function ask(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return new Promise((resolve, reject) => {
      backend.query(sql, (error, rows) => {
        if (error === null) resolve(rows as unknown as readonly Readonly<Record<string, unknown>>[]);
        else reject(error);
      });
    });
  }

  /** Speaks the protocol itself and hands every client's statements to one and the same connection, as a pooling proxy does. */
  async function openSharingProxy(greeting: { readonly serverVersion: string; readonly comment: string | null }) {
    const server = createServer(() => {});
    server.on('connection', (client: ServedClient) => {
      client.serverHandshake({
        protocolVersion: 10,
        serverVersion: greeting.serverVersion,
        connectionId: 900_001,
        statusFlags: 2,
        characterSet: 45,
        capabilityFlags: 0xf7_ff,
        authCallback: (_login: unknown, done: (error: null) => void) => {
          done(null);
          begin(client);
        },
      });
      client.on('error', () => {});
      const write = (rows: unknown, fields: unknown): void => {
        if (Array.isArray(rows)) client.writeTextResult(rows, fields);
        else client.writeOk();
        begin(client);
      };
      client.on('query', (sql) => {
        statements.push(sql);
        if (greeting.comment !== null && /^SELECT @@version_comment LIMIT 1$/i.test(sql)) {
          backend.query('SELECT ? AS comment', [greeting.comment], (_error, rows, fields) => write(rows, fields));
          return;
        }
        backend.query(sql, (error, rows, fields) => {
          if (error !== null) client.writeError({ message: error.message, code: error.errno ?? 1105 });
          else write(rows, fields);
        });
      });
    });
    const { _server: listener } = server as unknown as { readonly _server: Server };
    await new Promise<void>((resolve) => {
      listener.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => server.close(() => {}));
    return `mysql://root@127.0.0.1:${(listener.address() as AddressInfo).port}/mysql`;
  }

  it.each([
    ['ProxySQL', '8.0.11 (ProxySQL)', null],
    ['ProxySQL', '8.0.11', '(ProxySQL)'],
    ['MaxScale', '5.5.5-10.11.0 24.02.1-MaxScale', null],
    ['a proxy that speaks for the server', '8.0.44', null],
    // Only the thread is another.
    ['a proxy that speaks for the server', null, null],
  ])('is refused before anything is set: %s', async (found, serverVersion, comment) => {
    const settings = await ask(SETTINGS);
    statements.length = 0;
    const proxied = await openSharingProxy({ serverVersion: serverVersion ?? `5.5.5-${version}`, comment });
    const error: unknown = await openForTest(proxied).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'CONNECTION_SHARED', problems: [{ found }] });
    expect(statements.length).toBeGreaterThan(1);
    expect(statements.filter((sql) => !/^select (?:version\(\)|@@version_comment)/i.test(sql))).toEqual([]);
    expect(await ask(SETTINGS)).toEqual(settings);
  });

  it.each([['plan'], ['migrate', '--yes']])(
    'is refused by %s with the direct address as the advice',
    async (...command) => {
      const proxied = await openSharingProxy({ serverVersion: '8.0.11', comment: '(ProxySQL)' });
      const { code, stderr } = await runCli([...command, '--database-url', proxied]);
      expect(stderr).toMatch(/CONNECTION_SHARED[\s\S]*ProxySQL[\s\S]*direct address/u);
      expect(code).toBe(5);
    },
  );

  it('is taken where the proxy passes bytes on', async () => {
    const proxy = await openDatabaseProxy(url.href);
    onTestFinished(() => proxy.close());
    const database = await openForTest(proxy.url);
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
