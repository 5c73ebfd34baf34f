import { describe, expect, it } from 'vitest';

import type { Database, Executor } from '../../src/db/database.ts';
import type { NeighbourReading } from '../../src/db/pressure.ts';
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

const read = async (database: Database): Promise<NeighbourReading> => database.observe(database.dialect.readNeighbours);

const write = async (database: Database, id: number): Promise<number> =>
  database.execute('UPDATE t SET n = n + 1 WHERE id = ?', [id]);

/** Runs work in a transaction of somebody else's; ours all have a name that tells them apart on PostgreSQL. */
const asGlance = async <T>(database: Database, work: (trx: Executor) => Promise<T>): Promise<T> =>
  database.transaction(async (trx) => {
    if (database.dialect.name === 'postgres') await trx.execute("SET LOCAL application_name = 'glance-api'");
    return work(trx);
  });

/** Reads until somebody is seen to wait, or seen not to. */
async function readUntil(database: Database, found: (reading: NeighbourReading) => boolean): Promise<NeighbourReading> {
  for (let attempt = 0; ; attempt += 1) {
    const reading = await read(database);
    if (found(reading) || attempt === 200) return reading;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const isAtWork = ({ atWork }: NeighbourReading): boolean => atWork > 0;

describe.each(SERVERS)('readNeighbours on %s', (engine) => {
  it('shows an account without further privileges that another one waits for a row of its transaction', async () => {
    const { owner, urlOfUser } = await rows(engine);
    const ours = await openForTest(urlOfUser);
    const before = await read(ours);
    const waiters: Promise<unknown>[] = [];
    await ours.transaction(async (trx) => {
      await trx.execute('UPDATE t SET n = n + 1 WHERE id = 1');
      waiters.push(asGlance(owner, async (theirs) => theirs.execute('UPDATE t SET n = n + 1 WHERE id = 1')));
      expect((await readUntil(ours, isAtWork)).atWork).toBeGreaterThan(0);
      // Longer than any wait that counts as harmless.
      await new Promise((resolve) => setTimeout(resolve, 100));
    });
    await Promise.all(waiters);
    if (engine === 'mariadb') expect((await read(ours)).waited - before.waited).toBeGreaterThanOrEqual(50);
    else expect(await read(ours)).toEqual({ atWork: 0, waited: 0 });
  });
});

describe.runIf(SERVERS.includes('postgres'))('readNeighbours on postgres', () => {
  it('shows who writes, waiting or not, and neither readers nor other databases nor sessions of this program', async () => {
    const { owner, urlOfUser } = await rows('postgres');
    const ours = await openForTest(urlOfUser);
    const elsewhere = (await rows('postgres')).owner;
    const update = 'UPDATE t SET n = n + 1 WHERE id = 2';
    const waiters: Promise<unknown>[] = [];
    await ours.transaction(async (trx) => {
      await trx.execute('UPDATE t SET n = n + 1 WHERE id = 1');
      waiters.push(ours.execute('UPDATE t SET n = n + 1 WHERE id = 1'));
      await asGlance(owner, async (reader) => {
        await reader.query('SELECT * FROM t');
        await asGlance(elsewhere, async (other) => {
          await other.execute(update);
          expect(await read(ours)).toEqual({ atWork: 0, waited: 0 });
        });
        await reader.execute(update);
        expect(await read(ours)).toEqual({ atWork: 1, waited: 0 });
      });
      expect(await read(ours)).toEqual({ atWork: 0, waited: 0 });
    });
    await Promise.all(waiters);
  });
});

describe.runIf(ENGINES.includes('sqlite'))('readNeighbours on sqlite', () => {
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
