import { describe, expect, it } from 'vitest';

import { memoryDatabase } from '../../support/memory-database.ts';
import type { SqlValue } from '../../../src/db/database.ts';
import { insertStatements } from '../../../src/db/statements/bulk-insert.ts';

const FRAME = { head: 'INSERT INTO t VALUES ', tail: ';' };
const literal = (value: SqlValue): string => (value === null ? 'NULL' : String(value));

function statements(rows: readonly (readonly SqlValue[])[], limit: number): readonly string[] {
  return [...insertStatements(FRAME, rows, literal, limit)];
}

describe('insertStatements', () => {
  it('puts all rows into one statement below the limit', () => {
    expect(
      statements(
        [
          [1, null],
          [2, 'x'],
        ],
        1000,
      ),
    ).toEqual(['INSERT INTO t VALUES (1,NULL),(2,x);']);
  });

  it('begins another statement where the next row would reach the limit', () => {
    // 21 characters of head, 3 for each row and 1 for a comma: 24, 28.
    const rows = [[1], [2], [3]];
    expect(statements(rows, 28)).toEqual(['INSERT INTO t VALUES (1),(2);', 'INSERT INTO t VALUES (3);']);
    expect(statements(rows, 27)).toHaveLength(3);
  });

  it('writes a row that is larger than the limit by itself', () => {
    expect(statements([['x'.repeat(50)], [1]], 30)).toHaveLength(2);
  });

  it('writes nothing for no rows', () => {
    expect(statements([], 30)).toEqual([]);
  });
});

describe('updateFrom', () => {
  it('sets columns from a joined table and a lookup, and counts the rows matched', async () => {
    const database = memoryDatabase();
    for (const sql of [
      'CREATE TABLE images (id TEXT, kind TEXT)',
      'CREATE TABLE journal (image TEXT, decision TEXT)',
      'CREATE TABLE decisions (name TEXT, kind TEXT)',
      "INSERT INTO images VALUES ('a', NULL), ('b', NULL), ('c', NULL), ('d', 'old')",
      "INSERT INTO journal VALUES ('a', 'x'), ('b', 'y'), ('d', 'x')",
      "INSERT INTO decisions VALUES ('x', 'disk'), ('y', 'iso')",
    ])
      await database.execute(sql);
    const matched = await database.dialect.updateJoined(database, {
      target: { table: 'images', alias: 'i' },
      source: { table: 'journal', alias: 'r' },
      lookups: [{ table: 'decisions', alias: 'd', on: 'd.name = r.decision' }],
      on: 'i.id = r.image',
      set: { kind: 'd.kind' },
      where: 'i.kind IS NULL AND r.decision = ? OR r.decision = ?',
      bindings: ['x', 'x'],
    });
    // The condition is one, whatever OR it holds: it does not cut the join.
    expect(matched).toBe(2);
    expect((await database.query('SELECT kind FROM images ORDER BY id')).map(({ kind }) => kind)).toEqual([
      'disk',
      null,
      null,
      'disk',
    ]);
  });
});
