import { describe, expect, it, onTestFinished } from 'vitest';
import { parseDatabaseUrl } from '../../../src/db/connection/url.ts';
import type { Database } from '../../../src/db/database.ts';
import { openDatabase } from '../../../src/db/engines/open.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../../support/servers/engines.ts';
import { openTcpProxy, type TcpProxy } from '../../support/servers/tcp-proxy.ts';

const SHORT = { deadlineMs: 300 };

/** A database behind a proxy, and what was said while something was waited for. */
async function behindProxy(
  engine: EngineName,
): Promise<{ database: Database; proxy: TcpProxy; said: string[]; direct: Database }> {
  const { url } = await withFreshDatabase(engine);
  const direct = await openForTest(url);
  await direct.execute(
    `CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)${engine === 'mariadb' ? ' ENGINE=InnoDB' : ''}`,
  );
  await direct.execute('INSERT INTO t VALUES (1, 0)');
  const target = new URL(url);
  const proxy = await openTcpProxy({ host: target.hostname, port: Number(target.port) });
  onTestFinished(() => proxy.close());
  target.hostname = '127.0.0.1';
  target.port = String(proxy.port);
  const said: string[] = [];
  const database = await openDatabase(parseDatabaseUrl(target.href, 'test'), 'read-write', (reason) => {
    said.push(reason);
    treat(proxy, 'pass');
  });
  return { database, proxy, said, direct };
}

function treat(proxy: TcpProxy, treatment: 'pass' | 'swallow'): void {
  for (const direction of ['to-server', 'to-client'] as const) proxy.treat(direction, treatment);
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  );
}

describe.each(ENGINES.filter((engine) => engine !== 'sqlite'))('a way to %s that swallows bytes', (engine) => {
  it('ends a statement of a transaction as a lost connection, and its locks go with it', async () => {
    const { database, proxy, direct } = await behindProxy(engine);
    const error = await failureOf(
      database.transaction(async (trx) => {
        await trx.execute('UPDATE t SET n = 1 WHERE id = 1');
        treat(proxy, 'swallow');
        await trx.execute('UPDATE t SET n = 2 WHERE id = 1', [], SHORT);
      }),
    );
    expect(database.dialect.classify(error)).toBe('connection-lost');
    expect(String(error)).toContain('no answer within');
    // What a network does in the end that has lost its way: the server learns that nobody is there.
    proxy.cut('both');
    expect(await direct.execute('UPDATE t SET n = 3 WHERE id = 1')).toBe(1);
    treat(proxy, 'pass');
    expect(await database.transaction((trx) => trx.execute('UPDATE t SET n = 4'))).toBe(1);
    await database.close();
  });

  it('is told from an answer that comes slowly, for as long as it comes', async () => {
    const { database } = await behindProxy(engine);
    const ones = Array.from({ length: 20 }, () => 'SELECT 1 AS one').join(' UNION ALL ');
    const sleep = engine === 'mariadb' ? 'SLEEP(0.1)' : 'CAST(pg_sleep(0.1) AS text)';
    const rows = await database.query(`SELECT ${sleep} AS s, REPEAT('x', 20000) AS filler FROM (${ones}) AS many`, [], {
      deadlineMs: 1000,
    });
    expect(rows).toHaveLength(20);
    await database.close();
  });

  it('is said, and a read is asked again on another connection', async () => {
    const { database, proxy, said } = await behindProxy(engine);
    expect(await database.query('SELECT n FROM t')).toEqual([{ n: 0 }]);
    treat(proxy, 'swallow');
    const begun = proxy.accepted();
    // BEGIN of a read has the usual deadline; a connection that is cut does for the test.
    setTimeout(() => proxy.cut('client'), 100);
    expect(await database.query('SELECT n FROM t', [], SHORT)).toEqual([{ n: 0 }]);
    expect(said).toHaveLength(1);
    expect(proxy.accepted()).toBeGreaterThan(begun);
    await database.close();
  });

  it('does not keep a database from being closed', async () => {
    const { database, proxy } = await behindProxy(engine);
    treat(proxy, 'swallow');
    const underWay = failureOf(database.query('SELECT n FROM t'));
    await database.close();
    expect(database.dialect.classify(await underWay)).toBe('connection-lost');
  });
});

describe.runIf(ENGINES.includes('postgres'))('sessions on postgres', () => {
  it('that hold an open transaction can be ended by their name, and no others', async () => {
    const { url } = await withFreshDatabase('postgres');
    const holder = await openForTest(url);
    const successor = await openForTest(url);
    await holder.execute('CREATE TABLE t (id INTEGER PRIMARY KEY)');
    const idle = holder.sessions();
    expect(await successor.dialect.endSessions(successor, [])).toBe(0);
    expect(await successor.dialect.endSessions(successor, idle)).toBe(0);
    const error = await failureOf(
      holder.transaction(async (trx) => {
        await trx.execute('INSERT INTO t VALUES (1)');
        expect(await successor.dialect.endSessions(successor, successor.sessions())).toBe(0);
        expect(await successor.dialect.endSessions(successor, holder.sessions())).toBe(1);
        await trx.execute('INSERT INTO t VALUES (2)');
      }),
    );
    expect(holder.dialect.classify(error)).toBe('connection-lost');
    expect(await successor.query('SELECT id FROM t')).toEqual([]);
  });

  it('hold an open transaction for ten seconds at most', async () => {
    const database = await openForTest((await withFreshDatabase('postgres')).url);
    const [row] = await database.transaction((trx) =>
      trx.query("SELECT current_setting('idle_in_transaction_session_timeout') AS idle"),
    );
    expect(row).toEqual({ idle: '10s' });
  });
});
