import { describe, expect, it } from 'vitest';

import type { Database } from '../../src/db/database.ts';
import { DEFAULT_COLUMN_NAMES } from '../../src/journal/meta.ts';
import { findForeignResults, journalIsEmpty, readUndoPage, batchScopes } from '../../src/journal/results.ts';
import { memoryJournal } from '../support/memory-database.ts';
import type { GlanceSchema } from '../../src/glance/tables/schema.ts';

const SCHEMA = { keyKind: 'text', scan: { kind: 'key' } } as unknown as GlanceSchema;
const OWN = 'r.run_id = ? AND r.batch = ?';

describe('the scopes of a batch', () => {
  it('are its rows in the journal’s own order, and end at its own last row', () => {
    const range = { after: 'a', until: 'm' };
    expect(batchScopes(SCHEMA, { runId: 1, batch: 2, range, ids: ['b', 'c', 'k'] })).toEqual([
      { sql: `r.image_id >= ? AND r.image_id < ? AND ${OWN}`, bindings: ['b', 'k', 1, 2] },
      { sql: `r.image_id = ? AND ${OWN}`, bindings: ['k', 1, 2] },
    ]);
    expect(batchScopes(SCHEMA, { runId: 1, batch: 2, range, ids: [] })).toEqual([]);
  });

  it('are lists of ids where its rows lie anywhere', () => {
    const ids = Array.from({ length: 501 }, (_, index) => `id-${index}`);
    const scopes = batchScopes(SCHEMA, { runId: 1, batch: 2, range: null, ids });
    expect(scopes.map(({ bindings }) => bindings.length)).toEqual([502, 3]);
    expect(scopes[1]).toEqual({ sql: `r.image_id IN (?) AND ${OWN}`, bindings: ['id-500', 1, 2] });
  });
});

const COLUMNS = { kind: 'columns', names: DEFAULT_COLUMN_NAMES } as const;
const PAGE = { runId: 1, after: null, limit: 10, only: null };

/** Images a to e; the journal has a row of a, b and c, and of z, which is gone. */
async function filled(): Promise<Database> {
  const journal = await memoryJournal();
  for (const sql of [
    'CREATE TABLE images (id varchar(36), owner TEXT, image_type TEXT, container_type TEXT, envelope TEXT)',
    "INSERT INTO images VALUES ('a', 'x', 'disk', 'qcow2', NULL), ('b', 'y', 'disk', 'raw', NULL), ('c', 'x', NULL, NULL, NULL)",
    "INSERT INTO images VALUES ('d', 'x', 'iso', NULL, NULL), ('e', 'x', NULL, NULL, NULL)",
    "INSERT INTO retype_journal VALUES ('a', 1, 1, 'k'), ('b', 1, 1, 'k'), ('c', 1, 1, 'k'), ('z', 1, 1, 'k')",
    `INSERT INTO retype_decisions (decision_key, status, image_type, container_type, rule, glance_status, evidence)
     VALUES ('k', 'exact', 'disk', 'qcow2', 'x', 'active', '[]')`,
  ])
    await journal.execute(sql);
  return journal as Database;
}

async function states(page: Partial<Parameters<typeof readUndoPage>[2]>): Promise<readonly string[]> {
  const found = await readUndoPage(await filled(), COLUMNS, { ...PAGE, ...page });
  return found.map(({ entry, state }) => `${entry.imageId} ${state}`);
}

describe('rows that a rollback takes back', () => {
  it('are as written, changed by somebody else, or have nothing left to take back', async () => {
    expect(await states({})).toEqual(['a as-written', 'b changed', 'c gone', 'z gone']);
    expect((await readUndoPage(await filled(), { kind: 'table' }, PAGE)).map(({ state }) => state)).toEqual([
      'as-written',
      'as-written',
      'as-written',
      'gone',
    ]);
  });

  it('are read in pages, of one run, one owner or one image', async () => {
    expect(await states({ after: 'a', limit: 2 })).toEqual(['b changed', 'c gone']);
    expect(await states({ only: { column: 'i.owner', value: 'x' } })).toEqual(['a as-written', 'c gone']);
    expect(await states({ only: { column: 'r.image_id', value: 'b' } })).toEqual(['b changed']);
    expect(await states({ runId: 2 })).toEqual([]);
  });
});

describe('results without a journal row', () => {
  it('are counted, and the first ones named', async () => {
    const database = await filled();
    expect(await findForeignResults(database, DEFAULT_COLUMN_NAMES, 5)).toEqual({ count: 1, ids: ['d'] });
    expect(await findForeignResults(database, DEFAULT_COLUMN_NAMES, 0)).toEqual({ count: 1, ids: [] });
  });
});

describe('journalIsEmpty', () => {
  it('asks for before-images as well', async () => {
    const journal = await memoryJournal();
    expect(await journalIsEmpty(journal)).toBe(true);
    await journal.execute("INSERT INTO retype_undo VALUES ('a', 2, 1, 1, 'k')");
    expect(await journalIsEmpty(journal)).toBe(false);
  });
});
