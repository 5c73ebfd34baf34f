import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { WHOLE_TABLE } from '../../src/glance/tables/scan-order.ts';
import { type GlanceSchema } from '../../src/glance/tables/schema.ts';
import { DEFAULT_COLUMN_NAMES } from '../../src/journal/meta.ts';
import { countPending, readStoredImages } from '../../src/journal/pending.ts';
import { memoryJournal } from '../support/memory-database.ts';

const SCHEMA = { keyKind: 'text', scan: { kind: 'key' } } as unknown as GlanceSchema;

/** a is done; b has another format now; c has no row; d is deleted; e names a decision that is gone. */
async function filled(): Promise<Database> {
  const journal = await memoryJournal();
  for (const sql of [
    `CREATE TABLE images (id varchar(36), disk_format TEXT, container_format TEXT, status TEXT, deleted INTEGER,
       image_type TEXT, container_type TEXT, envelope TEXT)`,
    `INSERT INTO images VALUES ('a', 'raw', 'bare', 'active', 0, 'disk', 'raw', NULL), ('b', 'iso', 'bare', 'active', 0, NULL, NULL, NULL),
       ('c', 'raw', 'bare', 'active', 0, NULL, NULL, NULL), ('d', 'raw', 'bare', 'deleted', 1, NULL, NULL, NULL),
       ('e', 'raw', 'bare', 'active', 0, NULL, NULL, NULL)`,
    "INSERT INTO retype_journal VALUES ('a', 1, 1, 'k'), ('b', 1, 1, 'k'), ('e', 1, 1, 'gone')",
    `INSERT INTO retype_decisions (decision_key, status, image_type, container_type, rule, legacy_disk_format, legacy_container_format, glance_status, evidence)
       VALUES ('k', 'exact', 'disk', 'raw', 'x', 'raw', 'bare', 'active', '[]')`,
  ])
    await journal.execute(sql);
  return journal as Database;
}

describe('pending images', () => {
  it('are live, and have no row, another legacy row, or no decision', async () => {
    const database = await filled();
    expect(await countPending(database)).toBe(3);
  });
});

describe('readStoredImages', () => {
  it('tells a row from none and from one whose decision is gone, with the result columns', async () => {
    const target = { kind: 'columns', names: DEFAULT_COLUMN_NAMES } as const;
    const stored = await readStoredImages(await filled(), SCHEMA, target, WHOLE_TABLE);
    expect([...stored.keys()].toSorted()).toEqual(['a', 'b', 'c', 'e']);
    expect(stored.get('a')).toMatchObject({
      entry: { runId: 1, status: 'exact' },
      results: { imageType: 'disk', containerType: 'raw', envelope: null },
    });
    expect([stored.get('c')?.entry, stored.get('e')?.entry]).toEqual([null, 'broken']);
  });
});
