import type { AddressInfo, Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { createServer, createConnection, type Connection } from 'mysql2';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { sharingProxy, type Greeting, sessionStatements } from '../../../../src/db/engines/mysql/session.ts';
import { adminUrl, ENGINES, openForTest, runAsAdmin, withFreshDatabase } from '../../../support/servers/engines.ts';
import { runCli } from '../../../support/program/run-cli.ts';
import { openDatabaseProxy } from '../../../support/servers/tcp-proxy.ts';
import { startMariadb } from '../../../../scripts/servers/mariadb.ts';
import type { PrivateServer } from '../../../../scripts/servers/private-server.ts';
import type { Database } from '../../../../src/db/database.ts';
import { mysqlDialect } from '../../../../src/db/engines/mysql/dialect.ts';

describe('sessionStatements', () => {
  const settings = (flavour: 'MariaDB' | 'MySQL', galera: boolean): string =>
    sessionStatements({ flavour, galera }).join('; ');

  it('limit how long a session may be idle, by what the server has for it', () => {
    expect(settings('MariaDB', false)).toMatch(/wait_timeout = 10, .*idle_write_transaction_timeout = 10/u);
    expect(settings('MySQL', false)).toContain('wait_timeout = 10');
    expect(settings('MySQL', false)).not.toContain('idle_');
  });

  it('name the method of schema upgrades on Galera, and nowhere else', () => {
    expect(settings('MariaDB', true)).toContain("wsrep_OSU_method = 'TOI'");
    expect(settings('MariaDB', false)).not.toContain('wsrep');
  });

  it('wait one second at most for a metadata lock', () => {
    expect(settings('MySQL', false)).toContain('SESSION lock_wait_timeout = 1,');
  });
});

/** A table with one row, and its database opened twice, as two runners have it. */
async function twoRunners(url: string): Promise<readonly [Database, Database]> {
  const [first, second] = [await openForTest(url), await openForTest(url)];
  await first.execute('CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL) ENGINE=InnoDB');
  await first.execute('INSERT INTO t VALUES (1, 0)');
  return [first, second];
}

describe.runIf(ENGINES.includes('mariadb'))('a MariaDB session', () => {
  it('loses its locks when its client is not heard of for ten seconds', async () => {
    const { url } = await withFreshDatabase('mariadb');
    const [neighbour] = await twoRunners(url);
    const proxy = await openDatabaseProxy(url);
    onTestFinished(() => proxy.close());
    const frozen = await openForTest(proxy.url);
    const lost = frozen.transaction(async (trx) => {
      await trx.execute('UPDATE t SET n = 1 WHERE id = 1');
      proxy.treat('to-server', 'swallow');
      await expect(neighbour.execute('UPDATE t SET n = 2 WHERE id = 1')).rejects.toMatchObject({ errno: 1205 });
      // The server must end it; nothing that this side does reaches it.
      for (;;) {
        const [row] = await neighbour.query(
          "SELECT COUNT(*) AS n FROM information_schema.INNODB_TRX WHERE trx_state = 'RUNNING' AND trx_rows_modified > 0",
        );
        if (Number(row?.['n']) === 0) break;
        await sleep(200);
      }
      await neighbour.execute('UPDATE t SET n = 2 WHERE id = 1');
    });
    await lost.catch(() => {});
    expect(await neighbour.query('SELECT n FROM t')).toEqual([{ n: 2 }]);
  });

  it('is never handed out after it was idle for longer than the pool keeps it', async () => {
    const database = await openForTest(adminUrl('mariadb'));
    const connection = async (): Promise<string> =>
      String((await database.query('SELECT CONNECTION_ID() AS id'))[0]?.['id']);
    const first = await connection();
    expect(await connection()).toBe(first);
    // Nothing can happen meanwhile in this process: what the server closed is found out afterwards, not in time.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 11_000);
    expect(await connection()).not.toBe(first);
  });

  it('is ended by a successor by its name, with its locks', async () => {
    const { url } = await withFreshDatabase('mariadb');
    const [frozen, successor] = await twoRunners(url);
    const ended = frozen.transaction(async (trx) => {
      await trx.execute('UPDATE t SET n = 1 WHERE id = 1');
      const names = frozen.sessions();
      expect(names.length).toBeGreaterThan(0);
      const others = names.map((name) => name.replace(/:\d+ /u, ':1 '));
      expect(await successor.dialect.endSessions(successor, others)).toBe(0);
      expect(await successor.dialect.endSessions(successor, [...names, '4294967295 10.0.0.1:5 db1:3306'])).toBe(
        names.length,
      );
      await successor.execute('UPDATE t SET n = 2 WHERE id = 1');
      await trx.execute('UPDATE t SET n = 1 WHERE id = 1');
    });
    const error: unknown = await ended.catch((reason: unknown) => reason);
    expect(frozen.dialect.classify(error)).toBe('connection-lost');
    expect(await successor.query('SELECT n FROM t')).toEqual([{ n: 2 }]);
    // Connections that are gone have no name any more, and new ones have others.
    expect(successor.sessions()).not.toEqual(frozen.sessions());
  });

  it('on Galera does not wait for a row of images, so that a purge that has read it and now deletes it meets no deadlock', async () => {
    const { url } = await withFreshDatabase('mariadb');
    const [glance, database] = await twoRunners(url);
    const galera = mysqlDialect({ flavour: 'MariaDB', version: '10.11', galera: true, maxAllowedPacket: 1e6 });
    await database.execute('CREATE TABLE journal (id int PRIMARY KEY, n int) ENGINE=InnoDB');
    await glance.transaction(async (purge) => {
      await purge.query('SELECT id FROM t LOCK IN SHARE MODE');
      const batch = database.transaction(async (trx) => {
        // More than the purge has done: of two in a deadlock the server breaks off the smaller one.
        for (let id = 1; id <= 20; id += 1) await trx.execute('INSERT INTO journal VALUES (?, 9)', [id]);
        return galera.updateJoined(trx, {
          target: { table: 't', alias: 'i' },
          source: { table: 'journal', alias: 'r' },
          on: 'i.id = r.id',
          set: { n: 'r.n' },
          where: 'r.id < 5',
          bindings: [],
        });
      });
      const outcome = batch.catch((error: unknown) => database.dialect.classify(error));
      await sleep(500);
      await purge.execute('DELETE FROM t WHERE id = 1');
      expect(await outcome).toBe('conflict');
    });
  });

  it('is left alone by another account, which is no error', async () => {
    const { url, urlAs } = await withFreshDatabase('mariadb');
    await runAsAdmin('mariadb', [
      "CREATE OR REPLACE USER plain@'%' IDENTIFIED BY 'pw'",
      "GRANT ALL ON *.* TO plain@'%'",
      "REVOKE CONNECTION ADMIN, SUPER ON *.* FROM plain@'%'",
    ]);
    const plain = await openForTest(urlAs('plain', 'pw'));
    const root = await openForTest(url);
    await root.query('SELECT 1');
    expect(await plain.dialect.endSessions(plain, root.sessions())).toBe(0);
    expect(await plain.dialect.endSessions(plain, [])).toBe(0);
    expect(await root.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe.runIf(ENGINES.includes('mariadb'))(
  'on a MariaDB server whose transactions chain and whose idle limits are long',
  () => {
    let server: PrivateServer;
    beforeAll(async () => {
      server = await startMariadb({
        options: ['--completion-type=CHAIN', '--idle-write-transaction-timeout=3600', '--wait-timeout=3600'],
      });
      await server.createDatabase('glance');
    });
    afterAll(async () => server.stop());

    it('a session has its own', async () => {
      const [database] = await twoRunners(server.url('glance'));
      await database.transaction(async (trx) => trx.execute('UPDATE t SET n = 1'));
      expect(
        await database.query(
          'SELECT @@completion_type AS type, @@idle_write_transaction_timeout AS idle, @@wait_timeout AS wait',
        ),
      ).toEqual([{ type: 'NO_CHAIN', idle: '10', wait: '10' }]);
    });
  },
);

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
