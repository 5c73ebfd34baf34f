import { describe, expect, it } from 'vitest';
import type { Privilege } from '../../src/db/dialect.ts';
import { ENGINES, openForTest, withFreshDatabase } from '../support/servers/engines.ts';

const ALL: readonly Privilege[] = ['select', 'insert', 'update', 'delete', 'create', 'alter', 'drop'];
const DML: readonly Privilege[] = ['select', 'insert', 'update', 'delete'];

const SERVERS = ENGINES.filter((engine) => engine !== 'sqlite');

describe.each(SERVERS)('missingPrivileges on %s', (engine) => {
  async function open(grants: (database: string, user: string) => readonly string[]) {
    const fresh = await withFreshDatabase(engine);
    const owner = await openForTest(fresh.url);
    await owner.execute('CREATE TABLE images (id INTEGER PRIMARY KEY)');
    const database = new URL(fresh.url).pathname.slice(1);
    const user = `u_${database}`;
    await owner.execute(
      engine === 'mariadb' ? `CREATE USER ${user}@'%' IDENTIFIED BY 'pw'` : `CREATE ROLE ${user} LOGIN`,
    );
    for (const statement of grants(database, user)) await owner.execute(statement);
    return openForTest(fresh.urlAs(user, 'pw'));
  }

  it('finds nothing missing for the superuser, also on a table that is not there yet', async () => {
    const database = await openForTest((await withFreshDatabase(engine)).url);
    expect(await database.dialect.missingPrivileges(database, 'images', ALL)).toEqual([]);
  });

  it('lets a user with SELECT alone select and nothing else', async () => {
    const database = await open((name, user) =>
      engine === 'mariadb'
        ? [`GRANT SELECT ON ${name}.* TO ${user}@'%'`]
        : [`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${user}`],
    );
    expect(await database.dialect.missingPrivileges(database, 'images', ALL)).toEqual(
      ALL.filter((word) => word !== 'select'),
    );
    expect(await database.dialect.missingPrivileges(database, 'retype_runs', ['create'])).toEqual(['create']);
    const denied: unknown = await database.execute('DELETE FROM images').then(
      () => null,
      (error: unknown) => error,
    );
    expect(database.dialect.classify(denied)).toBe('permission-denied');
  });

  it('lets a user with the four data privileges do those and no DDL', async () => {
    const database = await open((name, user) =>
      engine === 'mariadb'
        ? [`GRANT SELECT, INSERT, UPDATE, DELETE ON ${name}.* TO ${user}@'%'`]
        : [`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${user}`],
    );
    expect(await database.dialect.missingPrivileges(database, 'images', DML)).toEqual([]);
    expect(await database.dialect.missingPrivileges(database, 'images', ALL)).toEqual(['create', 'alter', 'drop']);
  });

  it('counts what comes through a role, and through all privileges on the database', async () => {
    const database = await open((name, user) =>
      engine === 'mariadb'
        ? [
            `CREATE ROLE r_${user}`,
            `GRANT ALL PRIVILEGES ON \`${name.replaceAll('_', String.raw`\_`)}\`.* TO r_${user}`,
            `GRANT r_${user} TO ${user}@'%'`,
            `SET DEFAULT ROLE r_${user} FOR ${user}@'%'`,
          ]
        : [
            `CREATE ROLE r_${user}`,
            `ALTER TABLE images OWNER TO r_${user}`,
            `GRANT CREATE ON SCHEMA public TO r_${user}`,
            `GRANT r_${user} TO ${user}`,
          ],
    );
    expect(await database.dialect.missingPrivileges(database, 'images', ALL)).toEqual([]);
  });

  it('says what is true: what it calls granted works', async () => {
    const database = await open((name, user) =>
      engine === 'mariadb'
        ? [`GRANT CREATE, DROP, SELECT ON ${name}.* TO ${user}@'%'`, `GRANT INSERT ON ${name}.images TO ${user}@'%'`]
        : [`GRANT CREATE ON SCHEMA public TO ${user}`, `GRANT SELECT, INSERT ON images TO ${user}`],
    );
    const missing = await database.dialect.missingPrivileges(database, 'images', ALL);
    expect(missing).toEqual(
      engine === 'mariadb' ? ['update', 'delete', 'alter'] : ['update', 'delete', 'alter', 'drop'],
    );
    await expect(database.execute('INSERT INTO images VALUES (1)')).resolves.toBe(1);
    await expect(database.execute('UPDATE images SET id = 2')).rejects.toThrow();
    await expect(database.execute('ALTER TABLE images ADD COLUMN x integer')).rejects.toThrow();
    await expect(database.execute('CREATE TABLE own (id integer)')).resolves.toBe(0);
  });
});
