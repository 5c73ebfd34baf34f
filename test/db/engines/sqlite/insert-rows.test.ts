import { describe, expect, it } from 'vitest';
import { exactInteger } from '../../../../src/db/engines/sqlite/insert-rows.ts';
import { memoryDatabase } from '../../../support/memory-database.ts';

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
