import { describe, expect, it } from 'vitest';

import { exactInteger, classifySqliteError, sqliteDialect } from '../../../../src/db/engines/sqlite/dialect.ts';
import { memoryDatabase, memoryJournal } from '../../../support/memory-database.ts';

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

  it('keeps narrow rows in the tree of their key, and rows with long texts beside it', async () => {
    const journal = await memoryJournal();
    const byKey = await journal.query(
      "SELECT name FROM pragma_table_list WHERE wr = 1 AND name LIKE 'retype%' ORDER BY name",
    );
    expect(byKey.map(({ name }) => name)).toEqual(['retype_journal', 'retype_meta', 'retype_shards', 'retype_undo']);
  });

  it.each([0n, 1n << 53n, (1n << 63n) - 1n])('keeps the integer %s exact in a tree of the key', async (key) => {
    const journal = await memoryJournal();
    await journal.dialect.insertRows(
      journal,
      'retype_journal',
      ['image_id', 'run_id', 'batch', 'decision_key'],
      [['a', 1, 2, key]],
    );
    expect(await journal.query('SELECT decision_key, typeof(run_id) AS type FROM retype_journal')).toEqual([
      { decision_key: key, type: 'integer' },
    ]);
  });

  it('says where the file lies, and that it cannot be written', async () => {
    const database = memoryDatabase();
    expect(await dialect.dataDirectory(database)).toBe('/nowhere');
    expect(await dialect.readOnlyReason(database)).toBe('the file may not be written by this user');
  });
});

describe('classifySqliteError', () => {
  it.each([
    ['SQLITE_BUSY', 'conflict'],
    ['SQLITE_BUSY_SNAPSHOT', 'conflict'],
    ['SQLITE_LOCKED_SHAREDCACHE', 'conflict'],
    ['SQLITE_READONLY_ROLLBACK', 'read-only'],
    ['SQLITE_FULL', 'disk-full'],
    ['SQLITE_CANTOPEN_ISDIR', 'unreachable'],
    ['SQLITE_PERM', 'permission-denied'],
    ['SQLITE_AUTH', 'permission-denied'],
    ['SQLITE_NOTADB', 'no-such-database'],
    ['SQLITE_CORRUPT_INDEX', 'no-such-database'],
    ['SQLITE_CONSTRAINT_UNIQUE', 'fatal'],
    ['SQLITE_IOERR', 'fatal'],
  ] as const)('%s is %s', (code, expected) => {
    expect(classifySqliteError(Object.assign(new Error('x'), { code }))).toBe(expected);
  });

  it('takes a closed connection for a lost one, and an error without a code for a defect', () => {
    expect(classifySqliteError(new TypeError('The database connection is not open'))).toBe('connection-lost');
    expect(classifySqliteError(new TypeError('anything'))).toBe('fatal');
    expect(classifySqliteError(undefined)).toBe('fatal');
  });
});

describe('rows inserted into SQLite', () => {
  it('keep integers whole in a text column', async () => {
    const database = memoryDatabase();
    await database.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT)');
    expect(
      await database.dialect.insertRows(
        database,
        't',
        ['id', 'word'],
        [
          [1, 8],
          [2, null],
        ],
      ),
    ).toBe(2);
    expect(await database.query('SELECT word FROM t ORDER BY id')).toEqual([{ word: '8' }, { word: null }]);
  });

  it('leave rows alone whose key is there already, where asked to', async () => {
    const database = memoryDatabase();
    await database.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT)');
    await database.dialect.insertRows(database, 't', ['id', 'word'], [[1, 'old']]);
    await database.dialect.insertMissingRows(
      database,
      't',
      ['id', 'word'],
      [
        [1, 'new'],
        [2, 'two'],
      ],
    );
    expect(await database.query('SELECT word FROM t ORDER BY id')).toEqual([{ word: 'old' }, { word: 'two' }]);
    await expect(database.dialect.insertRows(database, 't', ['id', 'word'], [[1, 'again']])).rejects.toThrow(/UNIQUE/);
  });
});

describe('exactInteger', () => {
  it('turns safe integers into bigint and leaves all else', () => {
    expect(['1', 1.5, null, 2 ** 53, 7].map(exactInteger)).toEqual(['1', 1.5, null, 2 ** 53, 7n]);
  });
});
