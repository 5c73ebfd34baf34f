import { describe, expect, it } from 'vitest';
import {
  describeSqliteTable,
  listSqliteTables,
  listSqliteViews,
  sqliteReactionsToUpdate,
} from '../../../../src/db/engines/sqlite/introspect.ts';
import { memoryDatabase } from '../../../support/memory-database.ts';

describe('what SQLite says of its tables', () => {
  it('lists tables without SQLite’s own, and views apart', async () => {
    const database = memoryDatabase();
    await database.execute('CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT)');
    await database.execute('CREATE TABLE a (id INTEGER)');
    await database.execute('CREATE VIEW v AS SELECT 1');
    expect(await listSqliteTables(database)).toEqual(['a', 'b']);
    expect(await listSqliteViews(database)).toEqual(['v']);
  });

  it('describes columns in their order, and finds a table whatever the case of its name', async () => {
    const database = memoryDatabase();
    await database.execute('CREATE TABLE Images (id VARCHAR(36) NOT NULL, name TEXT)');
    expect(await describeSqliteTable(database, 'IMAGES')).toMatchObject({
      name: 'Images',
      columns: [
        { name: 'id', type: 'varchar(36)', nullable: false },
        { name: 'name', type: 'text', nullable: true },
      ],
      triggers: [],
    });
    expect(await describeSqliteTable(database, 'image')).toBeNull();
  });

  it('reads triggers that UPDATE fires from their text', async () => {
    const database = memoryDatabase();
    await database.execute('CREATE TABLE images (id TEXT, a TEXT, b TEXT)');
    await database.execute('CREATE TRIGGER any_update AFTER UPDATE ON images BEGIN DELETE FROM images; END');
    await database.execute('CREATE TRIGGER some BEFORE UPDATE OF a, "b" ON images BEGIN SELECT 1; END');
    await database.execute('CREATE TRIGGER inserted AFTER INSERT ON images BEGIN SELECT 1; END');
    const reactions = await sqliteReactionsToUpdate(database, 'images');
    expect(reactions.map((reaction) => (reaction.kind === 'trigger' ? [reaction.name, reaction.columns] : []))).toEqual(
      [
        ['any_update', null],
        ['some', ['a', 'b']],
      ],
    );
  });
});
