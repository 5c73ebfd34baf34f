import { expect, it } from 'vitest';
import yargs from 'yargs';

import { defineDatabaseCommand } from '../../../src/commands/session/database.ts';
import { parseDatabaseUrl } from '../../../src/db/connection/url.ts';
import type { Database } from '../../../src/db/database.ts';
import { RetypeError } from '../../../src/model/error.ts';
import { withFreshDatabase } from '../../support/servers/engines.ts';

type Work = (reader: Database) => Promise<unknown>;
async function run(work: Work, mode: 'read-only' | 'read-write' = 'read-only'): Promise<Database | null> {
  const spec = parseDatabaseUrl((await withFreshDatabase('sqlite')).url, 'the test');
  let opened: Database | null = null;
  const command = defineDatabaseCommand<object>({
    options: (parser) => parser,
    run: async (_, session) => {
      await using database = await session.open(spec, mode);
      opened = database;
      await work(database);
      return 0;
    },
  });
  await command.run(await command.options(yargs()).parseAsync([]), 'made');
  return opened;
}

it('a database is closed when the scope that opened it ends', async () => {
  const database = await run(async (reader) => {
    expect(await reader.query('SELECT 1 AS one')).toEqual([{ one: 1n }]);
  });
  await expect(async () => database?.query('SELECT 1')).rejects.toThrow();
});

it('what a server refuses names the database, and a statement that it does not understand is a bug', async () => {
  const refused = run(async (reader) => reader.execute('CREATE TABLE t (a INTEGER)'));
  await expect(refused).rejects.toBeInstanceOf(RetypeError);
  await expect(refused).rejects.toThrow(/^SERVER_READ_ONLY[^]*\.db/);
  await expect(run(async (reader) => reader.query('SELEKT 1'))).rejects.not.toBeInstanceOf(RetypeError);
});

it('an error of the work stays as it is', async () => {
  const own = new Error('own');
  await expect(run(async () => Promise.reject(own))).rejects.toBe(own);
});
