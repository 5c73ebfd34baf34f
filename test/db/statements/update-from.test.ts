import { describe, expect, it } from 'vitest';
import { memoryDatabase } from '../../support/memory-database.ts';

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
