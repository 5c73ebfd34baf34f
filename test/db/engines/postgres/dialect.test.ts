import { describe, expect, it } from 'vitest';

import { POSTGRES_BUILDER, insertPostgresRows, postgresDialect } from '../../../../src/db/engines/postgres/dialect.ts';
import { schemaStatements } from '../../../../src/db/statements/schema.ts';
import type { NativeExecutor } from '../../../../src/db/transaction/transaction-executor.ts';

describe('the dialect of PostgreSQL', () => {
  const dialect = postgresDialect('15.18');

  it('creates a table with texts of any length', () => {
    expect(
      dialect.createTable('t', (table) => {
        table.integer('id').notNullable();
        table.text('evidence', 'mediumtext').notNullable();
        table.primary(['id']);
      }),
    ).toEqual([
      'create table "t" ("id" integer not null, "evidence" text not null, constraint "t_pkey" primary key ("id"))',
    ]);
  });

  it('adds columns without a default and drops them, with one ALTER each', () => {
    expect(
      dialect.addColumns('images', [
        { name: 'a', length: 16 },
        { name: 'b', length: 8 },
      ]),
    ).toEqual(['alter table "images" add column "a" varchar(16) null, add column "b" varchar(8) null']);
    expect(dialect.dropColumns('images', ['a', 'b'])).toEqual([
      'alter table "images" drop column "a", drop column "b"',
    ]);
  });

  it('waits one second for a table', () => {
    expect(dialect.waitingOneSecond(['x'])).toEqual(["SET LOCAL lock_timeout = '1s'", 'x']);
  });

  it('copies a collation of a column, quoted', () => {
    const column = { name: 'id', type: 'varchar(36)', nullable: false, charset: null };
    expect(dialect.columnType({ ...column, collation: 'C' })).toBe('varchar(36) COLLATE "C"');
    expect(dialect.columnType({ ...column, collation: null })).toBe('varchar(36)');
  });
});

/** A connection that notes what it is sent and says that each statement inserted two rows. */
function connection() {
  const sent: string[] = [];
  const native = {
    query: async (sql: string) => {
      sent.push(sql);
      return Promise.resolve({ rowCount: 2 });
    },
  };
  const nothing = async (): Promise<never> => Promise.reject(new Error('a bulk insert goes to the connection'));
  const executor: NativeExecutor = { query: nothing, execute: nothing, native: async (work) => work(native) };
  return { executor, sent };
}

const { quote } = schemaStatements(POSTGRES_BUILDER);
const ROWS = {
  table: 't',
  columns: ['id', 'word'],
  rows: [
    [1, "it's"],
    [2, null],
  ],
} as const;

describe('insertPostgresRows', () => {
  it('sends one statement with its values in the text', async () => {
    const { executor, sent } = connection();
    expect(await insertPostgresRows(quote, executor, { ...ROWS, duplicates: 'fail' })).toBe(2);
    expect(sent).toEqual([`INSERT INTO "t" ("id","word") VALUES ('1','it''s'),('2',NULL)`]);
  });

  it('keeps rows that are there, where asked to', async () => {
    const { executor, sent } = connection();
    await insertPostgresRows(quote, executor, { ...ROWS, duplicates: 'keep' });
    expect(sent[0]?.endsWith(' ON CONFLICT DO NOTHING')).toBe(true);
  });

  it('cuts rows into statements below its limit', async () => {
    const { executor, sent } = connection();
    const rows = Array.from({ length: 3 }, (_, id) => [id, 'x'.repeat(600_000)]);
    expect(await insertPostgresRows(quote, executor, { ...ROWS, rows, duplicates: 'fail' })).toBe(6);
    expect(sent).toHaveLength(3);
  });
});
