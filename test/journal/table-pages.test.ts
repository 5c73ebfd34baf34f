import { describe, expect, it } from 'vitest';

import { inLists, LIST_LENGTH, marks, keyOf, readPart, tablePages, wholeTable } from '../../src/journal/table-pages.ts';
import { memoryDatabase } from '../support/memory-database.ts';

const ROWS = { select: 'SELECT r.a, r.b FROM t r', key: ['r.a', 'r.b'] };

async function filled() {
  const database = memoryDatabase();
  await database.execute('CREATE TABLE t (a INTEGER, b TEXT)');
  await database.execute("INSERT INTO t VALUES (2, 'a'), (1, 'b'), (1, 'a'), (2, 'b'), (3, 'a')");
  return database;
}

async function pages(pageSize: number): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of tablePages(await filled(), ROWS, pageSize))
    found.push(page.map((row) => `${Number(row['a'])}${String(row['b'])}`).join(' '));
  return found;
}

describe('pages of a table', () => {
  it('follow the key, and hold every row once, wherever a page ends', async () => {
    expect(await pages(2)).toEqual(['1a 1b', '2a 2b', '3a']);
    expect(await pages(3)).toEqual(['1a 1b 2a', '2b 3a']);
    expect(await pages(5)).toEqual(['1a 1b 2a 2b 3a']);
    expect(await pages(1)).toHaveLength(5);
  });

  it('can be cut at keys: the first is excluded, the last included', async () => {
    const part = await readPart(await filled(), ROWS, { after: [1, 'a'], until: [2, 'b'] }, null);
    expect(part.map((row) => keyOf(ROWS, row))).toEqual([
      [1n, 'b'],
      [2n, 'a'],
      [2n, 'b'],
    ]);
  });

  it('of the tool’s tables have their primary keys', () => {
    expect(wholeTable('retype_batches')).toEqual({ select: 'SELECT * FROM retype_batches', key: ['run_id', 'batch'] });
  });
});

describe('lists of one statement', () => {
  it('are cut at the limit, and none is empty', () => {
    const items = Array.from({ length: 2 * LIST_LENGTH }, (_, index) => index);
    expect([...inLists(items)].map((list) => [list[0], list.length])).toEqual([
      [0, LIST_LENGTH],
      [LIST_LENGTH, LIST_LENGTH],
    ]);
    expect([...inLists([...items, -1])].at(-1)).toEqual([-1]);
    expect([...inLists([])]).toEqual([]);
  });

  it('have one mark for each value', () => {
    expect([marks([1, 2, 3]), marks(['a']), marks([])]).toEqual(['?, ?, ?', '?', '']);
  });
});
