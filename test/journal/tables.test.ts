import { describe, expect, it } from 'vitest';
import { postgresDialect } from '../../src/db/engines/postgres/dialect.ts';
import { IMAGES_SELECT, JOURNAL_TABLES, journalTables, TABLE_KEYS } from '../../src/journal/tables.ts';
import { memoryJournal } from '../support/memory-database.ts';

const ID = { name: 'id', type: 'varchar(36)', nullable: false, charset: null, collation: 'C' };

describe('the tool’s own tables', () => {
  it('are made in one order, each by one statement with its primary key', () => {
    const dialect = postgresDialect('15.0');
    const tables = journalTables(dialect, { idColumn: ID, scan: { kind: 'key' } });
    expect(tables.map(({ name }) => name)).toEqual(JOURNAL_TABLES);
    for (const { name, define } of tables) {
      const [statement = '', ...more] = dialect.createTable(name, define);
      expect(more).toEqual([]);
      const key = TABLE_KEYS[name as keyof typeof TABLE_KEYS].map((column) => `"${column}"`).join(', ');
      expect(statement).toContain(`primary key (${key})`);
    }
  });

  it('copy the type of image ids, and number positions where rows are read by number', () => {
    const dialect = postgresDialect('15.0');
    const batches = (scan: Parameters<typeof journalTables>[1]['scan']): string => {
      const table = journalTables(dialect, { idColumn: ID, scan }).find(({ name }) => name === 'retype_batches');
      return table === undefined ? '' : (dialect.createTable(table.name, table.define)[0] ?? '');
    };
    expect(batches({ kind: 'key' })).toContain('"after_key" varchar(36) COLLATE "C" null');
    expect(batches({ kind: 'row-number', column: 'rowid' })).toContain('"after_key" bigint null');
  });

  it('have every column that the view shows', async () => {
    const journal = await memoryJournal();
    await journal.execute("INSERT INTO retype_journal VALUES ('a', 1, 2, 'k')");
    await journal.execute(
      "INSERT INTO retype_decisions (decision_key, status, rule, glance_status, evidence) VALUES ('k', 'exact', 'x', 'active', '[]')",
    );
    expect(await journal.query(IMAGES_SELECT)).toMatchObject([
      { image_id: 'a', run_id: 1n, batch: 2n, status: 'exact', decision_key: 'k', evidence: '[]', findings: null },
    ]);
  });
});
