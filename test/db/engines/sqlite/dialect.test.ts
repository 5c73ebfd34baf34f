import { describe, expect, it } from 'vitest';
import { sqliteDialect } from '../../../../src/db/engines/sqlite/dialect.ts';
import { memoryDatabase } from '../../../support/memory-database.ts';

describe('the dialect of SQLite', () => {
  const dialect = sqliteDialect('3.53.0', '/nowhere/glance.db');

  it('adds and drops one column a statement, and never copies the table', () => {
    expect(
      dialect.addColumns('images', [
        { name: 'a', length: 16 },
        { name: 'b', length: 8 },
      ]),
    ).toEqual([
      'alter table `images` add column `a` varchar(16) null',
      'alter table `images` add column `b` varchar(8) null',
    ]);
    expect(dialect.dropColumns('images', ['a', 'b'])).toEqual([
      'ALTER TABLE `images` DROP COLUMN `a`',
      'ALTER TABLE `images` DROP COLUMN `b`',
    ]);
  });

  it('keeps triggers where a column is added and dropped', async () => {
    const database = memoryDatabase();
    await database.execute('CREATE TABLE images (id varchar(36) PRIMARY KEY)');
    await database.execute('CREATE TRIGGER t AFTER INSERT ON images BEGIN SELECT 1; END');
    for (const statement of database.dialect.addColumns('images', [{ name: 'a', length: 16 }]))
      await database.execute(statement);
    for (const statement of database.dialect.dropColumns('images', ['a'])) await database.execute(statement);
    const images = await database.dialect.describeTable(database, 'images');
    expect([images?.columns.map(({ name }) => name), images?.triggers]).toEqual([['id'], ['t']]);
  });

  it('says where the file lies, and that it cannot be written', async () => {
    const database = memoryDatabase();
    expect(await dialect.dataDirectory(database)).toBe('/nowhere');
    expect(await dialect.readOnlyReason(database)).toBe('the file may not be written by this user');
  });
});
