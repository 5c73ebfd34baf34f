import { describe, expect, it } from 'vitest';
import type { Database } from '../../../src/db/database.ts';
import { DEFAULT_COLUMN_NAMES, type JournalMeta } from '../../../src/journal/meta.ts';
import { IMAGES_SELECT, IMAGES_VIEW } from '../../../src/journal/tables.ts';
import { droppedNames, leaseExists, planDismantle } from '../../../src/run/schema/dismantle.ts';
import { memoryJournal } from '../../support/memory-database.ts';

const COLUMNS: JournalMeta = {
  state: 'expanded',
  target: { kind: 'columns', names: DEFAULT_COLUMN_NAMES },
  toolVersion: '0.1.0',
  createdAt: '2026-01-01T00:00:00Z',
};

async function expanded(): Promise<Database> {
  const journal = await memoryJournal();
  await journal.execute('CREATE TABLE images (id varchar(36), image_type TEXT, envelope TEXT, foreign_column TEXT)');
  for (const statement of journal.dialect.createView(IMAGES_VIEW, IMAGES_SELECT)) await journal.execute(statement);
  return journal as Database;
}

describe('planDismantle', () => {
  it('of everything has the result columns that are there, the view, and the tables, lease and meta last', async () => {
    const plan = await planDismantle(await expanded(), COLUMNS, 'remove-everything');
    expect(plan).toMatchObject({
      columns: ['image_type', 'envelope'],
      views: ['retype_images'],
      leavesHidden: 'nothing',
    });
    expect([plan.tables.length, ...plan.tables.slice(-2)]).toEqual([8, 'retype_lease', 'retype_meta']);
  });

  it('that keeps results keeps the columns; or the view and the two tables behind it', async () => {
    const database = await expanded();
    const columns = await planDismantle(database, COLUMNS, 'keep-results');
    expect([columns.columns, columns.views, columns.tables.length]).toEqual([[], ['retype_images'], 8]);
    const table = await planDismantle(database, { ...COLUMNS, target: { kind: 'table' } }, 'keep-results');
    expect([table.views, table.tables]).toEqual([
      [],
      ['retype_runs', 'retype_batches', 'retype_shards', 'retype_undo', 'retype_lease', 'retype_meta'],
    ]);
  });

  it('leaves out what is gone already', async () => {
    const database = await expanded();
    await database.execute('DROP VIEW retype_images');
    await database.execute('DROP TABLE retype_runs');
    const plan = await planDismantle(database, COLUMNS, 'keep-results');
    expect([plan.views, plan.tables.includes('retype_runs')]).toEqual([[], false]);
    expect(droppedNames(plan).startsWith('retype_batches, ')).toBe(true);
  });
});

describe('leaseExists', () => {
  it('needs the table and its row', async () => {
    const database = await expanded();
    expect(await leaseExists(database)).toBe(false);
    await database.execute('INSERT INTO retype_lease (id, shards, epoch, beats, heartbeat_ms) VALUES (1, 0, 0, 0, 0)');
    expect(await leaseExists(database)).toBe(true);
    await database.execute('DROP TABLE retype_lease');
    expect(await leaseExists(database)).toBe(false);
  });
});
