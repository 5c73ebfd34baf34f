import { describe, expect, it } from 'vitest';
import type { Database, Executor } from '../../../src/db/database.ts';
import { ENGINES, openForTest, runAsAdmin, withFreshDatabase, type EngineName } from '../../support/servers/engines.ts';

async function openWithTable(engine: EngineName): Promise<{ database: Database; url: string }> {
  const { url } = await withFreshDatabase(engine);
  const database = await openForTest(url);
  await database.execute(
    `CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)${engine === 'mariadb' ? ' ENGINE=InnoDB' : ''}`,
  );
  await database.execute('INSERT INTO t VALUES (1, 0), (2, 0)');
  return { database, url };
}

async function connectionId(engine: EngineName, executor: Executor): Promise<string> {
  const [row] = await executor.query(
    engine === 'mariadb' ? 'SELECT CONNECTION_ID() AS id' : 'SELECT pg_backend_pid() AS id',
  );
  return String(row?.['id']);
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no failure',
    (error: unknown) => error,
  );
}

const SERVERS = ENGINES.filter((engine) => engine !== 'sqlite');

describe.each(ENGINES)('a transaction on %s', (engine) => {
  it('commits what it returns from, and gives the value', async () => {
    const { database } = await openWithTable(engine);
    const value = await database.transaction(async (trx) => {
      expect(await trx.execute('UPDATE t SET n = 5')).toBe(2);
      return 'done';
    });
    expect(value).toBe('done');
    expect((await database.query('SELECT n FROM t')).map((row) => Number(row['n']))).toEqual([5, 5]);
  });

  it('counts rows matched, also where nothing changes', async () => {
    const { database } = await openWithTable(engine);
    expect(await database.execute('UPDATE t SET n = 0 WHERE id = ?', [1])).toBe(1);
    expect(await database.execute('UPDATE t SET n = 0 WHERE id = ?', [3])).toBe(0);
    expect(await database.execute('DELETE FROM t WHERE id = ?', [1])).toBe(1);
  });

  it('rolls back what it throws from, and throws the same error', async () => {
    const { database } = await openWithTable(engine);
    const cause = new Error('the cause');
    const seen = await failure(
      database.transaction(async (trx) => {
        await trx.execute('UPDATE t SET n = 5');
        throw cause;
      }),
    );
    expect(seen).toBe(cause);
    expect((await database.query('SELECT n FROM t')).map((row) => Number(row['n']))).toEqual([0, 0]);
  });

  it('rejects also where the work rejects with undefined', async () => {
    const { database } = await openWithTable(engine);
    // oxlint-disable-next-line prefer-promise-reject-errors
    expect(await failure(database.transaction(() => Promise.reject(undefined)))).toBeUndefined();
  });

  it('is over after the first failed statement, also where the work catches it and goes on', async () => {
    const { database } = await openWithTable(engine);
    const seen = await failure(
      database.transaction(async (trx) => {
        await trx.execute('UPDATE t SET n = 5 WHERE id = 1');
        const first = await failure(trx.execute('INSERT INTO t VALUES (1, 1)'));
        expect(await failure(trx.execute('UPDATE t SET n = 6 WHERE id = 2'))).toBe(first);
        return 'as if nothing had happened';
      }),
    );
    expect(String(seen)).toMatch(/duplicate|unique/i);
    expect((await database.query('SELECT n FROM t')).map((row) => Number(row['n']))).toEqual([0, 0]);
  });

  it('takes no statement after its end', async () => {
    const { database } = await openWithTable(engine);
    const escaped = await database.transaction((trx) => Promise.resolve({ trx }));
    await expect(escaped.trx.execute('UPDATE t SET n = 9')).rejects.toThrow(/ended/);
    expect((await database.query('SELECT n FROM t')).map((row) => Number(row['n']))).toEqual([0, 0]);
  });

  it('leaves a database that works after many failures', async () => {
    const { database } = await openWithTable(engine);
    for (let round = 0; round < 12; round += 1) {
      await failure(database.transaction((trx) => trx.execute('INSERT INTO t VALUES (1, 1)')));
    }
    expect(await database.transaction((trx) => trx.execute('UPDATE t SET n = n + 1'))).toBe(2);
  });

  it('does not keep reads outside it from seeing what is committed, nor show them what is not', async () => {
    const { database } = await openWithTable(engine);
    await database.transaction(async (trx) => {
      await trx.execute('UPDATE t SET n = 7');
      expect((await database.query('SELECT n FROM t')).map((row) => Number(row['n']))).toEqual([0, 0]);
    });
    expect((await database.query('SELECT n FROM t')).map((row) => Number(row['n']))).toEqual([7, 7]);
  });
});

describe.each(SERVERS)('a connection on %s', (engine) => {
  it('is kept after a commit and never used again after a failure', async () => {
    const { database } = await openWithTable(engine);
    const first = await database.transaction((trx) => connectionId(engine, trx));
    expect(await database.transaction((trx) => connectionId(engine, trx))).toBe(first);
    await failure(
      database.transaction(async (trx) => {
        expect(await connectionId(engine, trx)).toBe(first);
        throw new Error('any error');
      }),
    );
    expect(await database.transaction((trx) => connectionId(engine, trx))).not.toBe(first);
  });

  it('that is killed in the middle gives connection-lost, and the next transaction works', async () => {
    const { database } = await openWithTable(engine);
    const seen = await failure(
      database.transaction(async (trx) => {
        await trx.execute('UPDATE t SET n = 5');
        const id = await connectionId(engine, trx);
        await runAsAdmin(engine, [
          engine === 'mariadb' ? `KILL CONNECTION ${id}` : `SELECT pg_terminate_backend(${id})`,
        ]);
        await trx.execute('UPDATE t SET n = 6');
      }),
    );
    expect(database.dialect.classify(seen)).toBe('connection-lost');
    expect((await database.query('SELECT n FROM t')).map((row) => Number(row['n']))).toEqual([0, 0]);
    expect(await database.transaction((trx) => trx.execute('UPDATE t SET n = 1'))).toBe(2);
  });

  it('that is killed before COMMIT makes the transaction fail', async () => {
    const { database } = await openWithTable(engine);
    let id = '';
    const seen = await failure(
      database.transaction(async (trx) => {
        await trx.execute('UPDATE t SET n = 5');
        id = await connectionId(engine, trx);
        await runAsAdmin(engine, [
          engine === 'mariadb' ? `KILL CONNECTION ${id}` : `SELECT pg_terminate_backend(${id})`,
        ]);
      }),
    );
    expect(database.dialect.classify(seen)).toBe('connection-lost');
    expect((await database.query('SELECT n FROM t')).map((row) => Number(row['n']))).toEqual([0, 0]);
    expect(await database.transaction((trx) => connectionId(engine, trx))).not.toBe(id);
  });
});

describe.runIf(ENGINES.includes('postgres'))('a COMMIT that the server refuses', () => {
  it('rejects, and its connection is not used again', async () => {
    const { database } = await openWithTable('postgres');
    await database.execute('CREATE TABLE child (t_id INTEGER REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)');
    let id = '';
    const seen = await failure(
      database.transaction(async (trx) => {
        id = await connectionId('postgres', trx);
        await trx.execute('INSERT INTO child VALUES (99)');
      }),
    );
    expect(String(seen)).toMatch(/foreign key/);
    expect(await database.query('SELECT * FROM child')).toEqual([]);
    expect(await database.transaction((trx) => connectionId('postgres', trx))).not.toBe(id);
  });
});

describe.runIf(ENGINES.includes('postgres'))('a connection whose COMMIT failed', () => {
  it('is not handed to a transaction that was already waiting for one', async () => {
    const { database } = await openWithTable('postgres');
    await database.execute('CREATE TABLE child (t_id INTEGER REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)');
    const broken: string[] = [];
    const failing = Array.from({ length: 6 }, () =>
      failure(
        database.transaction(async (trx) => {
          broken.push(await connectionId('postgres', trx));
          await trx.execute('INSERT INTO child VALUES (99)');
        }),
      ),
    );
    const waiting = Array.from({ length: 6 }, () => database.transaction((trx) => connectionId('postgres', trx)));
    await Promise.all(failing);
    const used = await Promise.all(waiting);
    expect(new Set(broken).size).toBe(6);
    expect(used.filter((id) => broken.includes(id))).toEqual([]);
  });
});

describe.runIf(ENGINES.includes('sqlite'))('two transactions of one process on sqlite', () => {
  it('wait for each other', async () => {
    const { database } = await openWithTable('sqlite');
    const add = (): Promise<void> =>
      database.transaction(async (trx) => {
        const [row] = await trx.query('SELECT n FROM t WHERE id = 1');
        await new Promise((resolve) => setImmediate(resolve));
        await trx.execute('UPDATE t SET n = ? WHERE id = 1', [Number(row?.['n']) + 1]);
      });
    await Promise.all([add(), add(), add()]);
    expect((await database.query('SELECT n FROM t WHERE id = 1')).map((row) => Number(row['n']))).toEqual([3]);
  });
});
