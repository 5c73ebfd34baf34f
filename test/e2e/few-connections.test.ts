import { describe, expect, it } from 'vitest';

import { loadCloud } from '../../scripts/fixtures/cloud.ts';
import { runStatements } from '../../scripts/fixtures/eras/create-era.ts';
import { newestSchema } from '../../scripts/fixtures/eras/eras.ts';
import { ENGINES, openForTest, runAsAdmin, withFreshDatabase } from '../support/servers/engines.ts';
import { runCli } from '../support/program/run-cli.ts';

const COMMANDS: readonly (readonly string[])[] = [
  ['plan'],
  ['expand', '--yes'],
  ['migrate', '--yes', '--lanes', '4', '--max-latency', '1000'],
  ['verify'],
  ['rollback', '--yes'],
];

describe.each(ENGINES.filter((engine) => engine !== 'sqlite'))('an account with few connections on %s', (engine) => {
  it.each([1, 2, 3, 4])('is enough for every command (%i)', async (connections) => {
    const fresh = await withFreshDatabase(engine);
    const name = new URL(fresh.url).pathname.slice(1);
    const user = `few_${name.slice(2)}`;
    await runAsAdmin(
      engine,
      engine === 'mariadb'
        ? [
            `CREATE USER ${user}@'%' IDENTIFIED BY 'few' WITH MAX_USER_CONNECTIONS ${connections}`,
            `GRANT ALL ON ${name}.* TO ${user}@'%'`,
          ]
        : [
            `CREATE ROLE ${user} LOGIN PASSWORD 'few' CONNECTION LIMIT ${connections}`,
            `ALTER DATABASE ${name} OWNER TO ${user}`,
          ],
    );
    const url = fresh.urlAs(user, 'few');
    const database = await openForTest(url);
    await runStatements(database, newestSchema(database.dialect.name));
    await loadCloud(database, { images: 1000, seed: 7 });
    await database.close();
    for (const command of COMMANDS) {
      const result = await runCli([...command, '--database-url', url]);
      expect(result.stderr).not.toMatch(/waiting for the database|expected/);
      expect([command[0], result.code]).toEqual([command[0], 0]);
    }
  });
});
