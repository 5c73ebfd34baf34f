import { describe, expect, it } from 'vitest';

import type { Database } from '../../src/db/database.ts';
import { ENGINES, openForTest, withFreshDatabase } from '../support/servers/engines.ts';

const running = async (database: Database): Promise<number | null> => {
  const { readRunning } = database.dialect;
  return readRunning === null ? null : database.observe(readRunning);
};

const SERVERS = ENGINES.filter((engine) => engine !== 'sqlite');

describe.each(SERVERS)('readRunning on %s', (engine) => {
  it('counts the statements of other accounts for one without privileges, and no longer than they run', async () => {
    const fresh = await withFreshDatabase(engine);
    const owner = await openForTest(fresh.url);
    const name = new URL(fresh.url).pathname.slice(1);
    const user = `r_${name}`;
    const statements =
      engine === 'mariadb'
        ? [`CREATE USER ${user}@'%' IDENTIFIED BY 'pw'`, `GRANT SELECT ON ${name}.* TO ${user}@'%'`]
        : [`CREATE ROLE ${user} LOGIN`];
    for (const statement of statements) await owner.execute(statement);
    const observer = await openForTest(fresh.urlAs(user, 'pw'));
    const read = async (): Promise<number> => (await running(observer)) ?? Number.NaN;
    // Other tests use the same server, but hardly eight at a time for long.
    let before = await read();
    while (before >= 8) before = await read();
    expect(before).toBeGreaterThanOrEqual(1);
    const asleep = Array.from({ length: 8 }, async () =>
      owner.query(engine === 'postgres' ? 'SELECT pg_sleep(60)' : 'SELECT SLEEP(60)').catch(() => []),
    );
    let during = before;
    while (during < 8) during = await read();
    await owner.close();
    await Promise.all(asleep);
    expect(observer.dialect.readFlowControl).toBeNull();
  });
});

describe.runIf(ENGINES.includes('sqlite'))('readRunning on sqlite', () => {
  it('is nothing that a file has', async () => {
    const { url } = await withFreshDatabase('sqlite');
    const { dialect } = await openForTest(url);
    expect([dialect.readRunning, dialect.readFlowControl]).toEqual([null, null]);
  });
});
