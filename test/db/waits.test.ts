import { describe, expect, it } from 'vitest';

import type { Database } from '../../src/db/database.ts';
import type { WaitReading } from '../../src/db/dialect.ts';
import { ENGINES, openForTest, withFreshDatabase, type EngineName } from '../support/servers/engines.ts';

const SERVERS = ENGINES.filter((engine) => engine !== 'sqlite');

/** A table of two rows, its owner, and an account that may only read and write it. */
async function rows(engine: EngineName) {
  const fresh = await withFreshDatabase(engine);
  const owner = await openForTest(fresh.url);
  await owner.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)');
  await owner.execute('INSERT INTO t VALUES (1, 0), (2, 0)');
  const database = new URL(fresh.url).pathname.slice(1);
  const user = `u_${database}`;
  const statements =
    engine === 'mariadb'
      ? [
          `CREATE USER ${user}@'%' IDENTIFIED BY 'pw'`,
          `GRANT SELECT, INSERT, UPDATE, DELETE ON ${database}.* TO ${user}@'%'`,
        ]
      : [`CREATE ROLE ${user} LOGIN`, `GRANT SELECT, INSERT, UPDATE, DELETE ON t TO ${user}`];
  for (const statement of engine === 'sqlite' ? [] : statements) await owner.execute(statement);
  return { owner, url: fresh.url, urlOfUser: fresh.urlAs(user, 'pw') };
}

const read = async (database: Database): Promise<WaitReading> =>
  database.transaction(async (trx) => database.dialect.readWaits(trx, database.sessions()));

const write = async (database: Database, id: number): Promise<number> =>
  database.execute('UPDATE t SET n = n + 1 WHERE id = ?', [id]);

/** Reads until somebody is seen to wait, or seen not to. */
async function readUntil(database: Database, found: (reading: WaitReading) => boolean): Promise<WaitReading> {
  for (let attempt = 0; ; attempt += 1) {
    const reading = await read(database);
    if (found(reading) || attempt === 200) return reading;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const isWaiting = ({ waiting }: WaitReading): boolean => waiting > 0;

describe.each(SERVERS)('readWaits on %s', (engine) => {
  it('shows an account without further privileges that another one waits for a row of its transaction', async () => {
    const { owner, urlOfUser } = await rows(engine);
    const ours = await openForTest(urlOfUser);
    const before = await read(ours);
    let waiter: Promise<number> | null = null;
    await ours.transaction(async (trx) => {
      await trx.execute('UPDATE t SET n = n + 1 WHERE id = 1');
      waiter = write(owner, 1);
      expect((await readUntil(ours, isWaiting)).waiting).toBeGreaterThan(0);
      // Longer than any wait that counts as harmless.
      await new Promise((resolve) => setTimeout(resolve, 100));
    });
    await waiter;
    if (engine === 'mariadb') expect((await read(ours)).waited - before.waited).toBeGreaterThanOrEqual(50);
    else expect((await read(ours)).waiting).toBe(0);
  });
});

/** As a superuser sees it: everybody in this database who waits for a lock. */
const WAITING_HERE =
  "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

describe.runIf(SERVERS.includes('postgres'))('readWaits on postgres', () => {
  it('counts neither our own sessions that wait for each other nor those of others that do', async () => {
    const { owner, url, urlOfUser } = await rows('postgres');
    const ours = await openForTest(urlOfUser);
    const other = await openForTest(url);
    const waiters: Promise<number>[] = [];
    await ours.transaction(async (trx) => {
      await trx.execute('UPDATE t SET n = n + 1 WHERE id = 1');
      waiters.push(write(ours, 1));
      await owner.transaction(async (theirs) => {
        await theirs.execute('UPDATE t SET n = n + 1 WHERE id = 2');
        waiters.push(write(other, 2));
        const all = async (): Promise<number> => Number((await owner.query(WAITING_HERE))[0]?.['n']);
        while ((await all()) < 2) await new Promise((resolve) => setTimeout(resolve, 10));
        expect(await read(ours)).toEqual({ waiting: 0, waited: 0 });
      });
    });
    await Promise.all(waiters);
  });
});

describe.runIf(ENGINES.includes('sqlite'))('readWaits on sqlite', () => {
  it('takes what others have committed for a wait, and not what our own connections write and read', async () => {
    const { owner: ours, url } = await rows('sqlite');
    const other = await openForTest(url);
    const before = await read(ours);
    await write(ours, 1);
    await ours.query('SELECT * FROM t');
    await other.query('SELECT * FROM t');
    expect(await read(ours)).toEqual(before);
    await write(other, 1);
    const after = await read(ours);
    expect(after.waited - before.waited).toBeGreaterThanOrEqual(1_000);
    expect(await read(ours)).toEqual(after);
  });
});
