import { chmodSync, existsSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { startMariadb } from '../../../scripts/servers/mariadb.ts';
import { startPostgres } from '../../../scripts/servers/postgres.ts';
import type { PrivateServer, ServerData } from '../../../scripts/servers/private-server.ts';
import { ENGINES, openForTest } from '../../support/servers/engines.ts';

const STARTERS: Readonly<Record<string, (data: ServerData) => Promise<PrivateServer>>> = {
  mariadb: (data) => startMariadb({ data }),
  postgres: (data) => startPostgres({ data }),
};
const SERVERS = Object.keys(STARTERS).filter((name) => ENGINES.some((engine) => engine === name));

describe.each(SERVERS)('the data of a private %s server', (name) => {
  const start = STARTERS[name] ?? (() => Promise.reject(new Error('no such server')));

  it('stays where it was to be kept, and is copied from there without being touched', async () => {
    // PostgreSQL runs as an account of its own where the tests run as root, and must get through.
    chmodSync(inject('temporaryDirectory'), 0o711);
    const folder = mkdtempSync(join(inject('temporaryDirectory'), 'kept-'));
    const first = await start({ kind: 'kept', folder });
    await first.createDatabase('shop');
    await execute(first, 'CREATE TABLE goods (id INTEGER PRIMARY KEY)', 'INSERT INTO goods VALUES (7)');
    await first.stop();

    const changed = await start({ kind: 'copy', of: folder });
    expect(await goods(changed)).toEqual([7]);
    await execute(changed, 'DELETE FROM goods');
    await changed.stop();

    const second = await start({ kind: 'copy', of: folder });
    expect(await goods(second)).toEqual([7]);
    await second.stop();
    expect(existsSync(folder)).toBe(true);
  });
});

async function execute(server: PrivateServer, ...statements: readonly string[]): Promise<void> {
  const database = await openForTest(server.url('shop'));
  for (const statement of statements) await database.execute(statement);
}

async function goods(server: PrivateServer): Promise<readonly number[]> {
  const database = await openForTest(server.url('shop'));
  return (await database.query('SELECT id FROM goods')).map((row) => Number(row['id']));
}
