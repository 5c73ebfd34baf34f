import { describe, expect, it } from 'vitest';
import {
  countByStatus,
  countEntries,
  hasEntries,
  insertSharedEntries,
  readEntriesById,
  restoreEntries,
  supersedeEntries,
} from '../../src/journal/entries.ts';
import type { Database } from '../../src/db/database.ts';
import type { GlanceSchema } from '../../src/glance/tables/schema.ts';
import { addEntry, noEntries } from '../../src/journal/ledger.ts';
import { memoryJournal, type MemoryDatabase } from '../support/memory-database.ts';

/** Run 1 wrote a and b, run 2 wrote c. */
async function filled(): Promise<MemoryDatabase> {
  const journal = await memoryJournal();
  await journal.execute("INSERT INTO retype_journal VALUES ('a', 1, 1, 'k'), ('b', 1, 1, 'l'), ('c', 2, 1, 'k')");
  await journal.execute(
    `INSERT INTO retype_decisions (decision_key, status, image_type, container_type, rule, glance_status, evidence)
     VALUES ('k', 'exact', 'disk', 'qcow2', 'x', 'active', '[]'), ('l', 'ambiguous', NULL, NULL, 'y', 'active', '[]')`,
  );
  return journal;
}

async function rows(journal: MemoryDatabase, table: string): Promise<readonly string[]> {
  return (await journal.query(`SELECT * FROM ${table} ORDER BY image_id`)).map((row) => Object.values(row).join(' '));
}

describe('journal rows', () => {
  it('are counted, also by the status of their decisions', async () => {
    const journal = await filled();
    expect([await countEntries(journal), await hasEntries(journal)]).toEqual([3, true]);
    expect(await countByStatus(journal)).toMatchObject({ exact: 2, ambiguous: 1, unmappable: 0 });
    expect(await hasEntries(await memoryJournal())).toBe(false);
  });

  it('come with their decisions', async () => {
    const found = await readEntriesById(await filled(), ['b', 'c', 'nobody']);
    expect([...found.keys()].toSorted()).toEqual(['b', 'c']);
    expect(found.get('b')).toMatchObject({ runId: 1, status: 'ambiguous', imageType: null, rule: 'y' });
    expect(found.get('c')).toMatchObject({ runId: 2, status: 'exact', imageType: 'disk', containerType: 'qcow2' });
  });

  it('of earlier runs are kept when they are replaced, those of the same run are not; and come back', async () => {
    const journal = await filled();
    await supersedeEntries(journal, 2, ['a', 'c']);
    expect(await rows(journal, 'retype_journal')).toEqual(['b 1 1 l']);
    expect(await rows(journal, 'retype_undo')).toEqual(['a 2 1 1 k']);
    await journal.execute("INSERT INTO retype_journal VALUES ('a', 2, 5, 'l'), ('c', 2, 5, 'l')");
    expect(await restoreEntries(journal, 2, ['a', 'b', 'c'])).toEqual({ removed: 2, restored: 1 });
    expect(await rows(journal, 'retype_journal')).toEqual(['a 1 1 k', 'b 1 1 l']);
    expect(await rows(journal, 'retype_undo')).toEqual([]);
  });
});

describe('rows that share decisions', () => {
  const SCHEMA = {
    keyKind: 'text',
    scan: { kind: 'row-number', column: 'rowid' },
    shape: 'i.status',
  } as unknown as GlanceSchema;

  it('are looked up by the server, which says what it inserted; another shape gets the key 0', async () => {
    const journal = await memoryJournal();
    await journal.execute('CREATE TABLE images (id TEXT, status TEXT, deleted INTEGER)');
    await journal.execute(`INSERT INTO images VALUES ('before', 'active', 0), ('d', 'active', 0), ('c', 'queued', 0),
      ('own', 'active', 0), ('gone', 'active', 1), ('b', 'ACTIVE', 0), ('a', 'active', 0), ('after', 'active', 0)`);
    const big = (1n << 63n) - 1n;
    const sum = await insertSharedEntries(
      journal as Database,
      journal,
      SCHEMA,
      { runId: 3, batch: 4 },
      {
        range: { after: '1', until: '7' },
        keyByShape: new Map([
          ['active', String(big)],
          ['queued', '7'],
        ]),
        except: ['own'],
      },
    );
    const stored = [
      ['a', String(big)],
      ['b', '0'],
      ['c', '7'],
      ['d', String(big)],
    ] as const;
    expect(await rows(journal, 'retype_journal')).toEqual(stored.map(([id, key]) => `${id} 3 4 ${key}`));
    const expected = noEntries();
    for (const [imageId, decisionKey] of stored) addEntry(expected, { imageId, runId: 3, batch: 4, decisionKey });
    expect(sum).toEqual(expected);
  });
});
