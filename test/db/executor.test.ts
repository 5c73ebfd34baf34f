import { describe, expect, it } from 'vitest';
import type { SqlValue } from '../../src/db/database.ts';
import { ENGINES, openForTest, withFreshDatabase } from '../support/servers/engines.ts';

const NASTY = [
  '',
  ' ',
  'raw',
  'raw ',
  'RAW',
  "it's",
  '"',
  '\\',
  "\\'",
  '\\\\',
  '\\?',
  '?',
  '??',
  ':x',
  '$1',
  '%',
  '_',
  '\n\r\t\b\x1a',
  '-- ;',
  '/*',
  '`',
  'NULL',
  'null',
  '0',
  'ünïcödé',
  '😀🧊',
  '\u2028',
  '\ufeffbom',
  "'); DROP TABLE v; --",
  'x'.repeat(250),
];

async function openWithTable(engine: (typeof ENGINES)[number]) {
  const { url } = await withFreshDatabase(engine);
  const database = await openForTest(url);
  for (const statement of database.dialect.createTable('v', (table) => {
    table.bigInteger('id').notNullable();
    table.string('word', 255).nullable();
    table.text('long', 'mediumtext').nullable();
    table.integer('n').nullable();
    table.primary(['id']);
  })) {
    await database.execute(statement);
  }
  return database;
}

const COLUMNS = ['id', 'word', 'long', 'n'];

describe.each(ENGINES)('values on %s', (engine) => {
  it('come back byte for byte through bound parameters', async () => {
    const database = await openWithTable(engine);
    for (const [index, text] of [...NASTY, null].entries()) {
      expect(
        await database.execute('INSERT INTO v (id, word, ??, n) VALUES (?, ?, ?, ?)', [
          'long',
          index,
          text,
          text,
          index,
        ]),
      ).toBe(1);
      const [row] = await database.query('SELECT word, ?? AS copy, n FROM v WHERE id = ?', ['long', index]);
      expect(row?.['word']).toBe(text);
      expect(row?.['copy']).toBe(text);
      expect(Number(row?.['n'])).toBe(index);
    }
  });

  it('come back byte for byte through insertRows, 20,000 rows at once', async () => {
    const database = await openWithTable(engine);
    const rows = Array.from({ length: 20_000 }, (_, index): SqlValue[] => {
      const text = NASTY[index % NASTY.length] ?? '';
      return [
        9_007_199_254_740_993n + BigInt(index),
        index % 7 === 0 ? null : text,
        `${text}${index}`,
        index % 5 === 0 ? null : -index,
      ];
    });
    expect(await database.transaction((trx) => database.dialect.insertRows(trx, 'v', COLUMNS, rows))).toBe(20_000);
    const found = await database.query('SELECT id, word, ?? , n FROM v ORDER BY id', ['long']);
    expect(
      found.map((row) => [
        BigInt(row['id'] as string),
        row['word'],
        row['long'],
        row['n'] === null ? null : Number(row['n']),
      ]),
    ).toEqual(rows);
  });

  it('of BIGINT come back exactly, as string or bigint', async () => {
    const database = await openWithTable(engine);
    await database.execute('INSERT INTO v (id) VALUES (?)', [9_223_372_036_854_775_807n]);
    const [row] = await database.query('SELECT id FROM v');
    expect(String(row?.['id'])).toBe('9223372036854775807');
    expect(['string', 'bigint']).toContain(typeof row?.['id']);
  });

  it('keep integers whole where a text column takes a number', async () => {
    const database = await openWithTable(engine);
    await database.execute('INSERT INTO v (id, word) VALUES (?, ?)', [1, engine === 'postgres' ? '7' : 7]);
    await database.dialect.insertRows(database, 'v', COLUMNS, [[2, 8, null, null]]);
    expect(await database.query('SELECT word FROM v ORDER BY id')).toEqual([{ word: '7' }, { word: '8' }]);
  });

  it('that do not fit are refused, not cut', async () => {
    const database = await openWithTable(engine);
    const insert = database.execute('INSERT INTO v (id, word) VALUES (1, ?)', ['x'.repeat(256)]);
    // SQLite knows no lengths; it keeps all of it.
    if (engine === 'sqlite') await expect(insert).resolves.toBe(1);
    else await expect(insert).rejects.toThrow();
  });

  it('never stand in the message of an error', async () => {
    const database = await openWithTable(engine);
    await database.dialect.insertRows(database, 'v', COLUMNS, [[1, 'a', null, null]]);
    const failures = [
      () => database.execute('INSERT INTO v (id, word) VALUES (?, ?)', [1, 'private-word']),
      () => database.dialect.insertRows(database, 'v', COLUMNS, [[1, 'private-word', null, null]]),
    ];
    for (const failure of failures) {
      const error: unknown = await failure().then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(Error);
      expect(`${String(error)}${JSON.stringify(error)}`).not.toContain('private-word');
    }
  });

  it('of no rows insert nothing', async () => {
    const database = await openWithTable(engine);
    expect(await database.dialect.insertRows(database, 'v', COLUMNS, [])).toBe(0);
  });

  it('of times come as text and small flags as 0 and 1 or as booleans', async () => {
    const database = await openWithTable(engine);
    const [flag, time] = engine === 'postgres' ? ['boolean', 'timestamp'] : ['tinyint(1)', 'datetime'];
    await database.execute(`CREATE TABLE f (deleted ${flag} NOT NULL, at ${time})`);
    await database.execute(`INSERT INTO f VALUES (${engine === 'postgres' ? 'true' : '1'}, '2011-12-02 00:00:01')`);
    const [row] = await database.query('SELECT deleted, at FROM f');
    expect(row).toEqual({
      deleted: engine === 'postgres' ? true : engine === 'sqlite' ? 1n : 1,
      at: '2011-12-02 00:00:01',
    });
  });

  it('say what time it is, in milliseconds', async () => {
    const database = await openWithTable(engine);
    const [row] = await database.query(
      `SELECT ${database.dialect.nowMs} AS now, ${database.dialect.asText('12')} AS text`,
    );
    expect(Math.abs(Number(row?.['now']) - Date.now())).toBeLessThan(60_000);
    expect(row?.['text']).toBe('12');
  });
});
